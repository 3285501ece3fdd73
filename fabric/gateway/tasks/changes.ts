/**
 * Waiting for a change that this process itself makes. Whoever waits looks anyhow from time to time: other processes
 * make changes too.
 */
import type { Clock } from '../../../world/clock.ts';

export interface Waiting {
  /** Resolves at the next change, when the time is over, or when the signal is aborted. */
  readonly done: Promise<void>;
  cancel(): void;
}

export class Changes {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  tell(key: string): void {
    for (const wake of [...(this.#waiting.get(key) ?? [])]) wake();
  }

  wait(key: string, atMostMs: number, signal: AbortSignal): Waiting {
    let wake = () => {};
    const done = new Promise<void>((resolve) => {
      const timer = this.#clock.after(atMostMs, () => wake());
      wake = () => {
        timer.cancel();
        signal.removeEventListener('abort', wake);
        this.#forget(key, wake);
        resolve();
      };
      this.#waiting.set(key, (this.#waiting.get(key) ?? new Set()).add(wake));
      if (signal.aborted) wake();
      else signal.addEventListener('abort', wake, { once: true });
    });
    return { done, cancel: () => wake() };
  }

  #forget(key: string, wake: () => void): void {
    const all = this.#waiting.get(key);
    all?.delete(wake);
    if (all?.size === 0) this.#waiting.delete(key);
  }
}
