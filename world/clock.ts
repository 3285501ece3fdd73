/** Time as a World gives it. Instants are epoch milliseconds, durations are milliseconds, both whole numbers. */

export interface Timer {
  /** Makes the timer inert. Cancelling one that has fired does nothing. */
  cancel(): void;
}

export interface Clock {
  /** The present instant, epoch ms. */
  now(): number;
  /** Calls `callback` once, `delayMs` from now (negative counts as 0). */
  after(delayMs: number, callback: () => void): Timer;
  /**
   * Resolves after `delayMs`. With a signal, rejects with the signal's reason as soon as it is aborted.
   */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** Thrown when something that waits has passed its deadline. */
export class DeadlineExceededError extends Error {
  override readonly name = 'DeadlineExceededError';
  readonly awaited: string;
  readonly deadlineMs: number;

  constructor(awaited: string, deadlineMs: number) {
    super(`${awaited} took longer than ${deadlineMs} ms`);
    this.awaited = awaited;
    this.deadlineMs = deadlineMs;
  }
}

/**
 * An abort signal with a deadline on the World's clock (`AbortSignal.timeout` would read the machine's).
 * It is aborted when `parent` is, or with a DeadlineExceededError after `deadlineMs`.
 * Call `clear` when the work is done, or the timer stays.
 */
export function deadlineSignal(
  clock: Clock,
  deadlineMs: number,
  awaited: string,
  parent?: AbortSignal,
): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const follow = () => controller.abort(parent?.reason);
  if (parent?.aborted) follow();
  parent?.addEventListener('abort', follow, { once: true });
  const timer = clock.after(deadlineMs, () => controller.abort(new DeadlineExceededError(awaited, deadlineMs)));
  return {
    signal: controller.signal,
    clear() {
      timer.cancel();
      parent?.removeEventListener('abort', follow);
    },
  };
}
