/** Watches that deliver without a lag do so together: one timer for all that wait for the same changes. */
import type { Clock, Timer } from '../../../world/clock.ts';

export class WatchDeliveries {
  readonly #clock: Pick<Clock, 'after'>;
  #waiting = new Set<() => void>();
  #isPlanned = false;

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  /** Calls `deliver` as soon as what is going on now is over, in the order of the calls. */
  join(deliver: () => void): Timer {
    // Its own function, since the same one may wait twice.
    const call = () => deliver();
    const waiting = this.#waiting;
    if (!this.#isPlanned) this.#clock.after(0, () => this.#round());
    this.#isPlanned = true;
    waiting.add(call);
    return { cancel: () => void waiting.delete(call) };
  }

  #round(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    this.#isPlanned = false;
    // Who is cancelled by one before him is passed over.
    for (const call of waiting) call();
  }
}
