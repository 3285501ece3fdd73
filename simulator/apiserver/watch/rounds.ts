/**
 * When bookmarks go out: to all watches in one round a minute, since a moment of its own for each would cost a
 * simulation more than the bookmark. A watch that has just begun waits for the next round but one, so that its first
 * comes after about a minute as well.
 */
import type { Clock } from '../../../world/clock.ts';

const everyMs = 60_000;
/** Younger watches are passed over. */
const leastAgeMs = everyMs / 2;

export class WatchRounds {
  readonly #clock: Clock;
  readonly #members = new Map<() => void, number>();
  #isPlanned = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `send` in each round until the returned function is called. */
  join(send: () => void): () => void {
    this.#members.set(send, this.#clock.now());
    this.#plan();
    return () => void this.#members.delete(send);
  }

  #plan(): void {
    if (this.#isPlanned || this.#members.size === 0) return;
    this.#isPlanned = true;
    this.#clock.after(everyMs, () => {
      this.#isPlanned = false;
      this.#round();
      this.#plan();
    });
  }

  #round(): void {
    const youngest = this.#clock.now() - leastAgeMs;
    for (const [send, since] of [...this.#members]) {
      if (since <= youngest && this.#members.has(send)) send();
    }
  }
}
