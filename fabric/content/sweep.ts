/**
 * The sweeper: removes expired objects, drafts that nobody writes any more, and what stands beside logs whose text is
 * gone, on the World's clock. All of it is invisible before that.
 */
import type { World } from '../../world/world.ts';
import type { Blobs } from './blobs/blobs.ts';
import type { LogStore } from './logs/append.ts';

interface SweepOptions {
  readonly world: World;
  readonly blobs: Blobs;
  readonly logs: LogStore;
  readonly intervalMs: number;
  readonly signal: AbortSignal;
}

/** Looks at every log of the store: not at each sweep. */
const orphansIntervalMs = 86_400_000;

/**
 * Sweeps every `intervalMs` until the signal is aborted, orphans first at once. A sweep that fails is logged, and the
 * next one tries again.
 */
export async function sweep(options: SweepOptions): Promise<void> {
  const { world, blobs, logs, intervalMs, signal } = options;
  let orphansAt = world.clock.now();
  while (!signal.aborted) {
    if (world.clock.now() >= orphansAt) {
      const isDone = await attempt(world, 'what was left of deleted logs', () => logs.removeOrphans());
      if (isDone) orphansAt = world.clock.now() + orphansIntervalMs;
    }
    try {
      await world.clock.sleep(intervalMs, signal);
    } catch {
      return;
    }
    await attempt(world, 'expired content', () => blobs.removeExpired());
  }
}

async function attempt(world: World, what: string, remove: () => Promise<number>): Promise<boolean> {
  try {
    const count = await remove();
    if (count > 0) world.log.info(`${what} removed`, { objects: count });
    return true;
  } catch (error) {
    world.log.error(`removing ${what} failed`, { error: String(error) });
    return false;
  }
}
