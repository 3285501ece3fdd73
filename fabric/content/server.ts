/**
 * Managed content: files and logs of projects over an object store. Imports `fabric/http` and `world`. Begin reading
 * here; what is stored where stands in `keys.ts`, the store's seam in `blobs/blobs.ts`, logs in `logs/append.ts`.
 */
import { createRoutes, type Serving, serve } from '../http/index.ts';
import { requireCredential } from './authenticate.ts';
import { LogStore } from './logs/append.ts';
import { Objects } from './objects.ts';
import { withQuotas } from './quotas/quota-blobs.ts';
import { contentRoutes } from './routes/content.ts';
import { logRowRoutes } from './routes/log-rows.ts';
import { logRoutes } from './routes/logs.ts';
import { uploadRoutes } from './routes/upload.ts';
import type { ContentOptions } from './settings.ts';
import { sweep } from './sweep.ts';

const sweepIntervalDefaultMs = 60_000;

/**
 * Starts managed content. Stopped, or when it cannot listen, it closes its store.
 */
export async function startContent(options: ContentOptions): Promise<Serving> {
  const { world } = options;
  const routes = createRoutes();
  const blobs = options.quotas ? withQuotas(options.blobs, options.quotas, world) : options.blobs;
  const logs = new LogStore(blobs);
  requireCredential(routes, options.credential);
  const objects = new Objects(blobs, logs);
  contentRoutes(routes, options, objects);
  uploadRoutes(routes, options, objects);
  logRoutes(routes, options, logs);
  logRowRoutes(routes, logs);
  const ready = async () => void (await blobs.head('readiness'));
  const { address, hosts } = options;
  const starting = serve({ world, address, hosts, isClosedToPages: true, routes, ready });
  const serving = await starting.catch(async (error: unknown) => {
    await blobs.close();
    throw error;
  });
  const stopping = new AbortController();
  const sweeping = sweep({
    world,
    blobs,
    logs,
    intervalMs: options.sweepIntervalMs ?? sweepIntervalDefaultMs,
    signal: stopping.signal,
  });
  world.log.info('managed content listens', {
    url: serving.url,
    authentication: options.credential === undefined ? 'none' : 'internal credential',
  });
  return {
    url: serving.url,
    async stop(graceMs) {
      stopping.abort();
      await Promise.all([serving.stop(graceMs), sweeping]);
      await blobs.close();
    },
  };
}
