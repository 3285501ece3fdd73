/** Work that is not lost while the store is away. */
import type { World } from '../../../world/world.ts';

const retryMs = 1_000;
/** What fails otherwise is tried so often. */
const faultsMaximum = 3;

/**
 * Tries again as long as the store is away, and some times when something else is wrong. Rejects then, or with the
 * signal's reason.
 */
export async function untilStored<T>({ clock, log }: World, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let faults = 0; ; ) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!isAway(error)) faults += 1;
      if (signal.aborted || faults === faultsMaximum) throw error;
      log.warn('an activation waits for the store', { error: String(error) });
    }
    await clock.sleep(retryMs, signal);
  }
}

/** The store, or what stands before it, says to come again. */
function isAway(error: unknown): boolean {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status >= 500;
}
