/**
 * Managed content: files and logs of projects over an object store. Imports `fabric/http` and `world`. Begin reading here; what
 * is stored where stands in `keys.ts`, the store's seam in `blobs/blobs.ts`, logs in `logs/append.ts`.
 */
import { createRoutes, type Serving, serve } from '../http/index.ts';
import { LogStore } from './logs/append.ts';
import { sweepExpired } from './logs/expire.ts';
import { contentRoutes } from './routes/content.ts';
import { logRoutes } from './routes/logs.ts';
import type { ContentOptions } from './settings.ts';

const sweepIntervalDefaultMs = 60_000;

/**
 * Starts managed content. It listens without credentials: bind it to 127.0.0.1 or to the cluster's inside. Stopped, it closes its
 * store.
 */
export async function startContent(options: ContentOptions): Promise<Serving> {
  const { world } = options;
  const routes = createRoutes();
  contentRoutes(routes, options);
  logRoutes(routes, options, new LogStore(options.blobs));
  const ready = async () => void (await options.blobs.head('readiness'));
  const serving = await serve({ world, address: options.address, routes, ready });
  const stopping = new AbortController();
  const sweeping = sweepExpired(
    world,
    options.blobs,
    options.sweepIntervalMs ?? sweepIntervalDefaultMs,
    stopping.signal,
  );
  world.log.info('managed content listens', { url: serving.url, authenticator: 'none' });
  return {
    url: serving.url,
    async stop(graceMs) {
      stopping.abort();
      await Promise.all([serving.stop(graceMs), sweeping]);
      await options.blobs.close();
    },
  };
}
