/** A rate that several streams share: each transfer waits until the ones before it are paid for. */
import type { Clock } from '../../../world/clock.ts';

export class Bandwidth {
  readonly #clock: Clock;
  readonly #bytesPerSecond: number | undefined;
  #paidUntil = 0;

  /** Without a rate nothing waits. */
  constructor(clock: Clock, bytesPerSecond: number | undefined) {
    this.#clock = clock;
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Resolves when `bytes` may be sent. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    if (this.#bytesPerSecond === undefined) return;
    const now = this.#clock.now();
    const startAt = Math.max(now, this.#paidUntil);
    this.#paidUntil = startAt + (bytes * 1000) / this.#bytesPerSecond;
    if (startAt > now) await this.#clock.sleep(Math.ceil(startAt - now), signal);
  }
}
