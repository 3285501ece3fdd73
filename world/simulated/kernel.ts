/**
 * The heart of a simulation: virtual time that moves only when the event loop has nothing left to do in the present
 * instant.
 *
 * Quiescence: everything that a simulated program can wait for (timers, requests, bytes, files) passes through the World and is
 * counted as activity. Promises, `process.nextTick` and streams drain within one turn of the event loop; so the instant is
 * over when a few turns in a row saw no activity and no operation of the host is under way.
 */
import { createClock } from '@sinonjs/fake-timers';
import type { Timer } from '../clock.ts';
import type { Trace } from './trace.ts';

/** Turns without activity before an instant counts as over: node's streams may put off work to the next turn. */
const IDLE_TURNS = 3;

/** Timers of JavaScript cannot wait longer (24.8 days); longer delays are set in turns. */
const LONGEST_DELAY_MS = 2_147_483_647;

/** Taken before anybody can replace the global: the kernel itself runs in real time. */
const realSetImmediate = setImmediate;

type FakeClock = ReturnType<typeof createClock>;

export class Kernel {
  readonly trace: Trace;
  readonly #clock: FakeClock;
  /** How many timers are due at each instant; tells whether the present instant has more to fire. */
  readonly #due = new Map<number, number>();
  #activity = 0;
  #hostOperations = 0;
  #failure: { error: unknown } | undefined;

  constructor(startAt: number, trace: Trace) {
    this.trace = trace;
    this.#clock = createClock(startAt, Number.MAX_SAFE_INTEGER);
  }

  now(): number {
    return this.#clock.now;
  }

  /** Says that something happened: the present instant is not over yet. */
  stir(): void {
    this.#activity++;
  }

  /** Counts an operation of the real host (a file, a child process) as work of the present instant. */
  async hostOperation<T>(operation: Promise<T>): Promise<T> {
    this.#hostOperations++;
    try {
      return await operation;
    } finally {
      this.#hostOperations--;
      this.stir();
    }
  }

  after(delayMs: number, callback: () => void): Timer {
    const delay = Math.max(0, Math.round(delayMs));
    const at = this.#clock.now + delay;
    let pending = true;
    const settle = () => {
      pending = false;
      const left = (this.#due.get(at) ?? 1) - 1;
      if (left === 0) this.#due.delete(at);
      else this.#due.set(at, left);
    };
    this.#due.set(at, (this.#due.get(at) ?? 0) + 1);
    const fire = () => {
      settle();
      this.stir();
      try {
        callback();
      } catch (error) {
        this.fail(error);
      }
    };
    const arm = (remainingMs: number) => {
      const partMs = Math.min(remainingMs, LONGEST_DELAY_MS);
      handle = this.#clock.setTimeout(() => (partMs < remainingMs ? arm(remainingMs - partMs) : fire()), partMs);
    };
    let handle: ReturnType<FakeClock['setTimeout']> | undefined;
    arm(delay);
    return {
      cancel: () => {
        if (!pending) return;
        settle();
        this.#clock.clearTimeout(handle);
      },
    };
  }

  /** Remembers the first error that no simulated program caught; `step` and `settle` throw it. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** Lets the present instant come to its end. */
  async settle(): Promise<void> {
    await this.#quiet();
    while (this.#due.has(this.#clock.now)) {
      this.#clock.next();
      await this.#quiet();
    }
  }

  get timers(): number {
    return this.#clock.countTimers();
  }

  /** Goes to the next instant at which a timer is due and lets it come to its end. */
  async step(): Promise<void> {
    this.#clock.next();
    this.trace.record({ type: 'step', at: this.#clock.now });
    while (this.#due.has(this.#clock.now)) {
      await turn();
      if (this.#due.has(this.#clock.now)) this.#clock.next();
    }
    await this.settle();
  }

  async #quiet(): Promise<void> {
    let seen = this.#activity;
    for (let idle = 0; idle < IDLE_TURNS; idle++) {
      await turn();
      if (this.#activity !== seen || this.#hostOperations > 0) {
        seen = this.#activity;
        idle = -1;
      }
    }
    if (this.#failure) {
      const { error } = this.#failure;
      this.#failure = undefined;
      throw error;
    }
  }
}

/** One turn of the event loop: all promises and next ticks that can settle have settled when it resolves. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    realSetImmediate(resolve);
  });
}
