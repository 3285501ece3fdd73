/**
 * The gateway: Fabric's REST API over task records, the cluster's Tasks and managed content. Imports `fabric/http`, `fabric/task`,
 * `kubernetes`, `cron` and `world`. Begin reading here; one file a resource stands in `routes/`, what they do with tasks in
 * `tasks/`, the store's seam in `stores/store.ts`.
 */
import { createRoutes, type Serving, serve } from '../http/index.ts';
import { noAuthenticator } from './authenticate.ts';
import { contentRoutes } from './routes/content.ts';
import { infoRoutes } from './routes/info.ts';
import { internalRoutes } from './routes/internal.ts';
import { notBuiltRoutes } from './routes/not-built.ts';
import { taskLogRoutes } from './routes/task-logs.ts';
import { taskRoutes } from './routes/tasks.ts';
import type { Gateway, GatewayOptions } from './settings.ts';
import { TaskRecords } from './tasks/records.ts';

export type { GatewayOptions } from './settings.ts';

const logTextBytesDefault = 1024 * 1024;

/**
 * Starts the gateway. The store stays open when it is stopped.
 *
 * ```ts
 * const gateway = await startGateway({ world, address: '127.0.0.1:8080', store: openEmbeddedStore('records.sqlite'), client });
 * ```
 */
export async function startGateway(options: GatewayOptions): Promise<Serving> {
  const { world } = options;
  const gateway = await gatewayOf(options);
  const routes = createRoutes();
  infoRoutes(routes, gateway);
  internalRoutes(routes, gateway);
  taskRoutes(routes, gateway);
  taskLogRoutes(routes, gateway);
  contentRoutes(routes, gateway);
  notBuiltRoutes(routes);
  const serving = await serve({ world, address: options.address, routes, ready: () => gateway.records.check() });
  world.log.info('gateway listens', {
    url: serving.url,
    authenticator: gateway.authenticator.name,
    content: options.contentUrl ?? 'none',
    cluster: options.client !== undefined,
  });
  return serving;
}

async function gatewayOf(options: GatewayOptions): Promise<Gateway> {
  return {
    world: options.world,
    records: await TaskRecords.open(options.world, options.store),
    client: options.client,
    namespace: options.namespace ?? 'default',
    contentUrl: options.contentUrl?.replace(/\/+$/, ''),
    authenticator: options.authenticator ?? noAuthenticator,
    pacingClock: options.pacingClock ?? options.world.clock,
    logTextBytesMaximum: options.logTextBytesMaximum ?? logTextBytesDefault,
  };
}
