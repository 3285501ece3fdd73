/** Records of tasks and activations are kept for so long after their end; what has not ended is kept always. */
import type { RunningGateway } from './running-gateway.ts';

/** How often is looked for what is too old. */
const intervalMs = 60 * 60_000;
/** Removed at once: a store that is asked for more answers nobody else meanwhile. */
const atOnce = 500;

/** Removes what is too old, now and each hour, until the signal is aborted. */
export async function keepRetired(
  gateway: RunningGateway,
  retentionSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const { world } = gateway;
  while (!signal.aborted) {
    await retire(gateway, world.clock.now() - retentionSeconds * 1000).catch((error: unknown) => {
      world.log.warn('old records cannot be removed now', { error: String(error) });
    });
    await world.clock.sleep(intervalMs, signal).catch(() => undefined);
  }
}

async function retire(gateway: RunningGateway, before: number): Promise<void> {
  for (const kind of [gateway.records, gateway.activations]) {
    let removed = atOnce;
    let all = 0;
    while (removed === atOnce) {
      removed = await kind.retire(before, atOnce);
      all += removed;
    }
    if (all > 0) gateway.world.log.info('old records were removed', { records: all });
  }
}
