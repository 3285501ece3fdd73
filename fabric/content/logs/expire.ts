/** The sweeper: removes expired objects, on the World's clock. What has expired is invisible before that. */
import type { World } from '../../../world/world.ts';
import type { Blobs } from '../blobs/blobs.ts';

/** Sweeps every `intervalMs` until the signal is aborted. A sweep that fails is logged, and the next one tries again. */
export async function sweepExpired(world: World, blobs: Blobs, intervalMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await world.clock.sleep(intervalMs, signal);
    } catch {
      return;
    }
    await sweepOnce(world, blobs);
  }
}

async function sweepOnce(world: World, blobs: Blobs): Promise<void> {
  try {
    const count = await blobs.removeExpired();
    if (count > 0) world.log.info('expired content removed', { objects: count });
  } catch (error) {
    world.log.error('removing expired content failed', { error: String(error) });
  }
}
