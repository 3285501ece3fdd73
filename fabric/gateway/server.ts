/**
 * The gateway: Fabric's REST API over task records, the cluster's Tasks and managed content. Imports `fabric/http`,
 * `fabric/task`, `kubernetes`, `cron` and `world`. Begin reading here; one file a route stands in `routes/`, what they
 * do with tasks in `tasks/`, the store's seam in `stores/store.ts`.
 */
import { createRoutes, type Serving, serve } from '../http/index.ts';
import { newSigningKey } from '../identity/key.ts';
import { withCredential } from '../identity/with-credential.ts';
import { KeyedLock } from '../keyed-lock.ts';
import { authenticateRequests } from './access/authenticate.ts';
import { Activations } from './activations/activations.ts';
import { Snapshots } from './agents/snapshots.ts';
import { Documents } from './documents/documents.ts';
import { isInsideAddress } from './outward/addresses.ts';
import { Projects } from './projects/projects.ts';
import { keepRetired } from './retention.ts';
import { allRoutes } from './routes/all.ts';
import { laterRoutes } from './routes/later.ts';
import type { RunningGateway } from './running-gateway.ts';
import { clusterDeployer } from './runtimes/daemons/deploy.ts';
import { resourceKindsDefault } from './runtimes/daemons/kinds.ts';
import { apiEndpointDefault } from './runtimes/delivered.ts';
import { runtimesOf } from './runtimes/index.ts';
import { upgradeSchedules } from './schedules/upgrade.ts';
import type { AgentDocument } from './schemas/agent.ts';
import type { ConnectionDocument } from './schemas/connection.ts';
import type { TypeDocument } from './schemas/type.ts';
import { sealWith } from './secrets/seal.ts';
import { Secrets } from './secrets/secrets.ts';
import { Sessions } from './sessions/sessions.ts';
import type { Gateway, GatewayOptions } from './settings.ts';
import type { Action } from './skills/action.ts';
import type { SkillContent } from './skills/skill.ts';
import { TaskRecords } from './tasks/records.ts';
import { keepSettled } from './tasks/settle.ts';
import { UnrecordedPools } from './tasks/unrecorded-pools.ts';

export type { GatewayOptions } from './settings.ts';

const logTextBytesDefault = 1024 * 1024;
const recordRetentionSecondsDefault = 30 * 24 * 60 * 60;
const invokeImageDefault = 'orrery/gateway:0.1.0';

/**
 * Starts the gateway. The store stays open when it is stopped.
 *
 * ```ts
 * const gateway = await startGateway({ world, address: '127.0.0.1:8080', store: await openEmbeddedFile(world, 'records.sqlite'), client });
 * ```
 */
export async function startGateway(options: GatewayOptions): Promise<Serving> {
  const { world } = options;
  const gateway = await gatewayOf(options);
  const routes = createRoutes();
  authenticateRequests(routes, gateway);
  for (const one of allRoutes) one.add(routes, gateway);
  laterRoutes(routes);
  const { address, hosts } = options;
  const serving = await serve({ world, address, hosts, routes, ready: () => gateway.records.check() });
  world.log.info('gateway listens', {
    url: serving.url,
    authentication: gateway.access ? 'tokens' : 'none',
    content: options.contentUrl ?? 'none',
    cluster: options.client !== undefined,
  });
  gateway.activations.start();
  const stopping = new AbortController();
  void keepRetired(gateway, options.recordRetentionSeconds ?? recordRetentionSecondsDefault, stopping.signal);
  gateway.pools?.start();
  if (options.client) {
    void keepSettled(gateway, options.client, stopping.signal);
    void upgradeSchedules(gateway, options.client, stopping.signal);
  }
  return {
    url: serving.url,
    async stop(graceMs) {
      // What it asks the cluster at the moment is not waited for: the next start settles what remains.
      stopping.abort();
      gateway.sessions.stop();
      gateway.pools?.stop();
      // Whoever waits for an activation is answered before the last connection is closed.
      await Promise.all([gateway.activations.stop(graceMs ?? 0), serving.stop(graceMs)]);
    },
  };
}

async function gatewayOf(options: GatewayOptions): Promise<RunningGateway> {
  const { store, access, contentUrl } = options;
  const world = withCredential(options.world, [contentUrl], access?.credential);
  const projects = await Projects.open({ world, store, createOnUse: options.createProjectsOnUse ?? false });
  for (const name of options.projects ?? []) await projects.save({ name });
  const anonymousKey = newSigningKey(world.random.stream('anonymous key'));
  const secretsKey = options.secretsKey ?? (access?.own ?? anonymousKey).jwk.d;
  const { client, namespace = 'default', skillResourceKinds = resourceKindsDefault } = options;
  const apiEndpoint = (options.apiEndpoint ?? apiEndpointDefault).replace(/\/+$/, '');
  const gateway: Gateway = {
    world,
    records: await TaskRecords.open(world, store),
    access,
    projects,
    client,
    namespace,
    persistTasks: options.persistTasks ?? true,
    pools: client && new UnrecordedPools(world, client),
    runLocks: new KeyedLock(),
    contentUrl: contentUrl?.replace(/\/+$/, ''),
    pacingClock: options.pacingClock ?? options.world.clock,
    logTextBytesMaximum: options.logTextBytesMaximum ?? logTextBytesDefault,
    apiEndpoint,
    invokeImage: options.invokeImage ?? invokeImageDefault,
    anonymousKey,
    outward: options.world.network,
    outsideOnly: options.world.network.guardedDispatcher((address) => !isInsideAddress(address)),
    allowedOutward: new Set(options.allowedOutward ?? []),
    skills: await Documents.open<SkillContent>(world, store, 'skills'),
    actions: await Documents.open<Action>(world, store, 'actions'),
    types: await Documents.open<TypeDocument>(world, store, 'types'),
    agents: await Documents.open<AgentDocument>(world, store, 'agents'),
    snapshots: await Snapshots.open(world, store),
    deployer: client && clusterDeployer(client, { namespace, apiEndpoint }, skillResourceKinds),
    connections: await Documents.open<ConnectionDocument>(world, store, 'connections'),
    secrets: await Secrets.open(world, store, sealWith(secretsKey)),
    sessions: await Sessions.open(world, store),
  };
  return { ...gateway, activations: await Activations.open(gateway, store, runtimesOf(gateway)) };
}
