/**
 * Runs a simulation along the machine's clock: virtual time passes `speed` times as fast as the wall's. What comes in
 * by real sockets enters between two steps, so such a run is recorded but cannot be replayed.
 */
import type { Clock } from '../clock.ts';
import type { Simulation } from './simulation.ts';

/** How often virtual time is brought up to the wall's, ms of real time. */
const TICK_MS = 5;
/** The fastest that is taken: what no machine reaches is as fast as it can. */
export const SPEED_MAXIMUM = 1e6;
/** What a machine that is too slow owes: no more than so many ms of the wall ask for. The rest is let go. */
const DEBT_WALL_MS = 10_000;

/** True for the speeds that are taken. */
export function isSpeed(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= SPEED_MAXIMUM;
}

export class Pacing {
  readonly #simulation: Simulation;
  readonly #wall: Clock;
  readonly #stopping = new AbortController();
  readonly #onError: ((error: unknown) => void) | undefined;
  #speed: number;
  /** Virtual time was `#virtualOrigin` when the wall said `#wallOrigin`. */
  #virtualOrigin: number;
  #wallOrigin: number;
  /** Cuts the catching up that is under way: what it was to reach holds no more. */
  #catchingUp: AbortController | undefined;
  #loop: Promise<void> | undefined;
  #turn: Promise<void> = Promise.resolve();
  #advances = 0;

  /**
   * `onError` receives what no simulated program caught, and time goes on; without it such an error is an unhandled
   * rejection.
   */
  constructor(simulation: Simulation, wall: Clock, speed: number, onError?: (error: unknown) => void) {
    this.#simulation = simulation;
    this.#onError = onError;
    this.#wall = wall;
    this.#speed = speed;
    this.#virtualOrigin = simulation.now();
    this.#wallOrigin = wall.now();
  }

  get speed(): number {
    return this.#speed;
  }

  /** How much virtual time the machine owes at this speed, ms: it is too slow for it, or an advance is under way. */
  get behind(): number {
    return Math.max(0, this.#target() - this.#simulation.now());
  }

  /** Virtual time passes faster than the wall's. */
  get isHurried(): boolean {
    return this.#speed > 1 || this.#advances > 0;
  }

  /** Holds from now on: what was owed at the speed before is let go. */
  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#rebase();
    this.#catchingUp?.abort();
  }

  start(): void {
    this.#rebase();
    this.#loop = this.#run();
  }

  /** Lets `durationMs` of virtual time pass as fast as it can, after other advances; resolves when it has. */
  async advance(durationMs: number, signal?: AbortSignal): Promise<void> {
    const given = signal ? [signal, this.#stopping.signal] : [this.#stopping.signal];
    this.#catchingUp?.abort();
    await this.#exclusive(async () => {
      this.#advances++;
      try {
        await this.#simulation.advance(durationMs, AbortSignal.any(given));
      } finally {
        this.#advances--;
        this.#rebase();
      }
    });
  }

  /** Ends what is under way, advances too: they reject. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('pacing stopped'));
    this.#catchingUp?.abort();
    await this.#loop;
    await this.#turn;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#exclusive(() => this.#catchUp());
      await this.#wall.sleep(TICK_MS, signal).catch(() => undefined);
    }
  }

  async #catchUp(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const cut = new AbortController();
    this.#catchingUp = cut;
    try {
      this.#letGo();
      await this.#simulation.advanceTo(this.#target(), cut.signal);
    } catch (error) {
      if (cut.signal.aborted) return;
      if (!this.#onError) throw error;
      this.#onError(error);
    } finally {
      this.#catchingUp = undefined;
    }
  }

  /**
   * What is owed above the bound; and a wall clock that was set back must not stop virtual time until it is where it
   * was.
   */
  #letGo(): void {
    if (this.#target() < this.#simulation.now()) this.#rebase();
    const excess = this.behind - DEBT_WALL_MS * this.#speed;
    if (excess > 0) this.#virtualOrigin -= excess;
  }

  #target(): number {
    return Math.floor(this.#virtualOrigin + (this.#wall.now() - this.#wallOrigin) * this.#speed);
  }

  /** Two parties must not step the clock at once. */
  #exclusive(work: () => Promise<void>): Promise<void> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #rebase(): void {
    this.#virtualOrigin = this.#simulation.now();
    this.#wallOrigin = this.#wall.now();
  }
}
