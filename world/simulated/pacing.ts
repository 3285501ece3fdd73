/**
 * Runs a simulation along the machine's clock: virtual time passes `speed` times as fast as the wall's. What comes in by real
 * sockets enters between two steps, so such a run is recorded but cannot be replayed.
 */
import type { Clock } from '../clock.ts';
import type { Simulation } from './simulation.ts';

/** How often virtual time is brought up to the wall's, ms of real time. */
const TICK_MS = 5;

export class Pacing {
  readonly #simulation: Simulation;
  readonly #wall: Clock;
  readonly #stopping = new AbortController();
  readonly #onError: ((error: unknown) => void) | undefined;
  #speed: number;
  /** Virtual time was `#virtualOrigin` when the wall said `#wallOrigin`. */
  #virtualOrigin: number;
  #wallOrigin: number;
  #loop: Promise<void> | undefined;
  #turn: Promise<void> = Promise.resolve();

  /**
   * `onError` receives what no simulated program caught, and time goes on; without it such an error is an unhandled rejection.
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

  setSpeed(speed: number): void {
    this.#rebase();
    this.#speed = speed;
  }

  start(): void {
    this.#rebase();
    this.#loop = this.#run();
  }

  /** Lets `durationMs` of virtual time pass as fast as it can; resolves when it has. */
  async advance(durationMs: number, signal?: AbortSignal): Promise<void> {
    await this.#exclusive(async () => {
      try {
        await this.#simulation.advance(durationMs, signal);
      } finally {
        this.#rebase();
      }
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('pacing stopped'));
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#exclusive(async () => {
        const target = this.#virtualOrigin + (this.#wall.now() - this.#wallOrigin) * this.#speed;
        await this.#simulation.advanceTo(Math.floor(target), signal);
      }).catch((error: unknown) => {
        if (signal.aborted) return;
        if (!this.#onError) throw error;
        this.#onError(error);
      });
      await this.#wall.sleep(TICK_MS, signal).catch(() => undefined);
    }
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
