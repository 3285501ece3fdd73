/**
 * The gateway: Fabric's REST API over task records, the cluster's Tasks and managed content. Imports `fabric/http`, `fabric/task`,
 * `kubernetes`, `cron` and `world`. Begin reading here; one file a resource stands in `routes/`, what they do with tasks in
 * `tasks/`, the store's seam in `stores/store.ts`.
 */
import { answerProblems, createRoutes, handlerOf } from '../http/index.ts';
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

export interface RunningGateway {
  readonly url: string;
  /** Stops listening; the store stays open. */
  stop(): Promise<void>;
}

/**
 * Starts the gateway.
 *
 * ```ts
 * const gateway = await startGateway({ world, address: '127.0.0.1:8080', store: openEmbeddedStore('records.sqlite'), client });
 * ```
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { world } = options;
  const gateway = await gatewayOf(options);
  const routes = createRoutes();
  answerProblems(routes, world.log);
  infoRoutes(routes, gateway);
  internalRoutes(routes, gateway);
  taskRoutes(routes, gateway);
  taskLogRoutes(routes, gateway);
  contentRoutes(routes, gateway);
  notBuiltRoutes(routes);
  const listener = await world.network.listen(options.address, handlerOf(routes));
  world.log.info('gateway listens', {
    url: listener.url,
    authenticator: gateway.authenticator.name,
    content: options.contentUrl ?? 'none',
    cluster: options.client !== undefined,
  });
  return { url: listener.url, stop: () => listener.close() };
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
