/** What every simulated Fabric is brought up by, in order: the cluster, what Tasks need in it, then the services. */
import { definitions } from '../../../fabric/task/crd.ts';
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { customResourceDefinitions } from '../../../kubernetes/resources.ts';
import type { World } from '../../../world/world.ts';
import type { SimulatedCluster } from './cluster.ts';
import type { Services } from './services.ts';

/**
 * A custom resource is served shortly after its definition is (semantics 1.16); a client that comes at once gets 404.
 */
const DEFINITIONS_SERVED_MS = 2000;

export interface BringUpOptions {
  readonly cluster: SimulatedCluster;
  readonly services: Services;
  /** Whoever brings it up, and its client. */
  readonly world: World;
  readonly client: KubernetesClient;
  /** For Tasks; made unless it is there. */
  readonly namespace: string;
  /** Address of the one node. */
  readonly nodeHost: string;
}

export async function bringUpFabric(options: BringUpOptions): Promise<void> {
  const { cluster, services, world, client, namespace, nodeHost } = options;
  await cluster.startApiServer();
  await cluster.startNode('node-1', nodeHost);
  await cluster.createNamespace(client, namespace).catch((error: unknown) => {
    // `default` and its like are there from the start.
    if (!hasReason(error, 'AlreadyExists')) throw error;
  });
  for (const definition of definitions) await client.create(customResourceDefinitions, undefined, definition);
  await world.clock.sleep(DEFINITIONS_SERVED_MS);
  for (const service of services.names) await services.start(service);
}
