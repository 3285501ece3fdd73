/**
 * Managed content: files and logs of projects over an object store. Imports `fabric/http` and `world`. Begin reading here; what
 * is stored where stands in `keys.ts`, the store's seam in `blobs/blobs.ts`, logs in `logs/append.ts`.
 */
import { answerProblems, createRoutes, handlerOf, sendJson } from '../http/index.ts';
import { LogStore } from './logs/append.ts';
import { sweepExpired } from './logs/expire.ts';
import { contentRoutes } from './routes/content.ts';
import { logRoutes } from './routes/logs.ts';
import type { ContentOptions } from './settings.ts';

const sweepIntervalDefaultMs = 60_000;

export interface RunningContent {
  readonly url: string;
  /** Stops listening and sweeping, and closes the store. */
  stop(): Promise<void>;
}

/** Starts managed content. It listens without credentials: bind it to 127.0.0.1 or to the cluster's inside. */
export async function startContent(options: ContentOptions): Promise<RunningContent> {
  const { world } = options;
  const routes = createRoutes();
  answerProblems(routes, world.log);
  routes.get('/healthz', (context) => sendJson(context, { success: true }));
  contentRoutes(routes, options);
  logRoutes(routes, options, new LogStore(options.blobs));
  const listener = await world.network.listen(options.address, handlerOf(routes));
  const stopping = new AbortController();
  const sweeping = sweepExpired(
    world,
    options.blobs,
    options.sweepIntervalMs ?? sweepIntervalDefaultMs,
    stopping.signal,
  );
  world.log.info('managed content listens', { url: listener.url });
  return {
    url: listener.url,
    async stop() {
      stopping.abort();
      await Promise.all([listener.close(), sweeping]);
      await options.blobs.close();
    },
  };
}
