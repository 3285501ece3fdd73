/**
 * The heart of a simulation: virtual time that moves only when the event loop has nothing left to do in the present
 * instant.
 *
 * Quiescence: everything that a simulated program can wait for (timers, requests, bytes, files) passes through the
 * World and is counted as activity. Promises, `process.nextTick` and streams drain before the event loop's next
 * immediate, however deeply they are nested. Only code that itself waits for `setImmediate` comes later, behind ours in
 * the same turn (undici does when a body is destroyed). So the instant is over when one whole turn, from one immediate
 * of ours to the next, saw no activity and no operation of the host is under way. A chain of several bare immediates
 * runs on into later instants: in the same way in each run, but late.
 */
import { createClock } from '@sinonjs/fake-timers';
import type { Timer } from '../clock.ts';
import type { Trace } from './trace.ts';

/** The longest delay that the clock takes at once, ms (it fires longer ones after 1 ms, as Node.js does). */
const LONGEST_DELAY_MS = 2_147_483_647;

/** So many timers in one instant are a loop without a pause: a program that sets timers of 0 ms for ever. */
const TIMERS_PER_INSTANT = 1_000_000;

/** Taken before anybody can replace the global: the kernel itself runs in real time. */
const realSetImmediate = setImmediate;

/** Timers that are due at one instant, in the order in which they were set. */
interface Instant {
  readonly at: number;
  readonly callbacks: (Callback | undefined)[];
  /** Index of the first that has not fired. */
  next: number;
  /** How many will fire. */
  pending: number;
  handle: unknown;
}

type Callback = () => void;

/** Thrown when virtual time cannot go on. */
export class StandstillError extends Error {
  override readonly name = 'StandstillError';
  readonly at: number;

  constructor(at: number) {
    super(
      `virtual time stands still at ${new Date(at).toISOString()}: ${TIMERS_PER_INSTANT} timers fired in this instant; look for a loop that sets timers without a delay`,
    );
    this.at = at;
  }
}

export class Kernel {
  readonly trace: Trace;
  readonly #clock: ReturnType<typeof createClock>;
  readonly #instants = new Map<number, Instant>();
  #activity = 0;
  #hostOperations = 0;
  /** Timers fired in the present instant. */
  #fired = 0;
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

  after(delayMs: number, callback: Callback): Timer {
    const instant = this.#instantAt(this.#clock.now + Math.max(0, Math.round(delayMs)));
    const index = instant.callbacks.push(callback) - 1;
    instant.pending++;
    return {
      cancel: () => {
        if (instant.callbacks[index] === undefined) return;
        instant.callbacks[index] = undefined;
        this.#settle(instant);
      },
    };
  }

  /** Remembers the first error that no simulated program caught; `step` and `settle` throw it. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /** Lets the present instant come to its end. */
  async settle(): Promise<void> {
    this.#fired = 0;
    do {
      await this.#fireAll();
      await this.#quiet();
    } while (this.#instants.has(this.#clock.now));
  }

  /**
   * Goes to the next instant at which a timer is due and lets it come to its end. Without any timer it only settles.
   */
  async step(): Promise<void> {
    while (this.#instants.size > 0 && !this.#instants.has(this.#clock.now)) this.#clock.next();
    this.trace.record({ type: 'step', at: this.#clock.now });
    await this.settle();
  }

  /** Between two timers of one instant all promises drain, as between two of Node.js's own. */
  async #fireAll(): Promise<void> {
    while (this.#fire()) if (this.#instants.has(this.#clock.now)) await turn();
  }

  #instantAt(at: number): Instant {
    const present = this.#instants.get(at);
    if (present) return present;
    const instant: Instant = { at, callbacks: [], next: 0, pending: 0, handle: undefined };
    this.#instants.set(at, instant);
    this.#arm(instant);
    return instant;
  }

  /** Makes the clock stop at the instant, on the way there if it is further off than the clock's longest delay. */
  #arm(instant: Instant): void {
    const remainingMs = instant.at - this.#clock.now;
    if (remainingMs <= 0) return;
    instant.handle = this.#clock.setTimeout(() => this.#arm(instant), Math.min(remainingMs, LONGEST_DELAY_MS));
  }

  /** Fires the next timer of the present instant; false if there is none. */
  #fire(): boolean {
    const instant = this.#instants.get(this.#clock.now);
    if (!instant) return false;
    if (++this.#fired > TIMERS_PER_INSTANT) throw new StandstillError(this.#clock.now);
    let callback: Callback | undefined;
    while (callback === undefined) {
      callback = instant.callbacks[instant.next];
      instant.callbacks[instant.next++] = undefined;
    }
    this.#settle(instant);
    this.stir();
    try {
      callback();
    } catch (error) {
      this.fail(error);
    }
    return true;
  }

  /** One timer of the instant less; the clock does not stop at an instant without timers. */
  #settle(instant: Instant): void {
    instant.pending--;
    if (instant.pending > 0) return;
    this.#instants.delete(instant.at);
    if (instant.at > this.#clock.now) this.#clock.clearTimeout(instant.handle as never);
  }

  /** Resolves when a whole turn of the event loop saw nothing happen; throws what a timer has thrown. */
  async #quiet(): Promise<void> {
    let seen: number;
    await turn();
    do {
      seen = this.#activity;
      await turn();
    } while (seen !== this.#activity || this.#hostOperations > 0);
    if (this.#failure) {
      const { error } = this.#failure;
      this.#failure = undefined;
      throw error;
    }
  }
}

/** One turn of the event loop: all promises and next ticks that can settle have settled when it resolves. */
function turn(): Promise<void> {
  return new Promise(takeTurn);
}

function takeTurn(resolve: () => void): void {
  realSetImmediate(resolve);
}
