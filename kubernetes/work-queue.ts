/**
 * A queue of keys for controllers: client-go's rate-limiting, delaying work queue. A key is never handled by two
 * workers at once; added while it waits it is handled once, added while it is being handled it is handled again.
 */
import type { Clock, Timer } from '../world/clock.ts';

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** How many keys are handled at the same time. */
  readonly workers: number;
  /** Delay after the first failure, doubled with each further one; default 5 ms as client-go's. */
  readonly baseDelayMs?: number;
  /** Default 1,000 s as client-go's. */
  readonly maximumDelayMs?: number;
  /** A rejection adds the key again after its back-off; a success forgets its failures. */
  handle(key: string): Promise<void>;
  onError?(key: string, error: unknown): void;
}

export class WorkQueue {
  readonly #options: WorkQueueOptions;
  /** Keys that wait, in order of arrival. A key that is being handled is in `#dirty` only. */
  readonly #waiting = new Set<string>();
  readonly #dirty = new Set<string>();
  readonly #handling = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, number>();
  readonly #delayed = new Map<string, { readonly at: number; readonly timer: Timer }>();
  #state: 'created' | 'running' | 'stopped' = 'created';

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  /** Keys that wait for a worker, and keys whose delay runs. */
  get size(): { readonly waiting: number; readonly delayed: number; readonly handling: number } {
    return {
      waiting: this.#waiting.size + this.#dirty.size,
      delayed: this.#delayed.size,
      handling: this.#handling.size,
    };
  }

  add(key: string): void {
    if (this.#state === 'stopped') return;
    if (this.#handling.has(key)) this.#dirty.add(key);
    else this.#waiting.add(key);
    this.#startWorkers();
  }

  /** Adds the key after a delay; of several delays of one key the earliest counts. */
  addAfter(key: string, delayMs: number): void {
    if (this.#state === 'stopped') return;
    if (delayMs <= 0) {
      this.add(key);
      return;
    }
    const at = this.#options.clock.now() + delayMs;
    const earlier = this.#delayed.get(key);
    if (earlier && earlier.at <= at) return;
    earlier?.timer.cancel();
    const timer = this.#options.clock.after(delayMs, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { at, timer });
  }

  /** Adds the key after its back-off, as after a failure. */
  addRateLimited(key: string): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const { baseDelayMs = 5, maximumDelayMs = 1_000_000 } = this.#options;
    this.addAfter(key, Math.min(baseDelayMs * 2 ** failures, maximumDelayMs));
  }

  /** The key's next failure counts as its first. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  start(): void {
    if (this.#state === 'created') this.#state = 'running';
    this.#startWorkers();
  }

  /** Handles nothing more; resolves when what is being handled is done. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    for (const { timer } of this.#delayed.values()) timer.cancel();
    this.#delayed.clear();
    this.#waiting.clear();
    this.#dirty.clear();
    await Promise.all(this.#handling.values());
  }

  #startWorkers(): void {
    while (this.#state === 'running' && this.#handling.size < this.#options.workers) {
      const next = this.#waiting.values().next();
      if (next.done) return;
      this.#waiting.delete(next.value);
      this.#handling.set(next.value, this.#handle(next.value));
    }
  }

  async #handle(key: string): Promise<void> {
    // Events of one instant that touch one key are then handled together.
    await Promise.resolve();
    try {
      await this.#options.handle(key);
      this.forget(key);
    } catch (error) {
      this.#options.onError?.(key, error);
      if (this.#state === 'running') this.addRateLimited(key);
    }
    this.#handling.delete(key);
    if (this.#dirty.delete(key)) this.#waiting.add(key);
    this.#startWorkers();
  }
}
