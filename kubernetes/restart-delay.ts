/**
 * The reflector's back-off of client-go: 800 ms, doubled up to 30 s, each spread over once its length; fresh after 2
 * minutes.
 */
import type { Clock } from '../world/clock.ts';
import type { RandomStream } from '../world/random.ts';

const firstMs = 800;
const maximumMs = 30_000;
const freshAfterMs = 120_000;

export class RestartDelay {
  readonly #clock: Clock;
  readonly #random: RandomStream;
  #baseMs = firstMs;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, random: RandomStream) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Delay before the next try, ms. */
  next(): number {
    const now = this.#clock.now();
    if (now - this.#lastAt > freshAfterMs) this.#baseMs = firstMs;
    this.#lastAt = now;
    const delayMs = Math.round(this.#baseMs * (1 + this.#random.next()));
    this.#baseMs = Math.min(this.#baseMs * 2, maximumMs);
    return delayMs;
  }
}
