/**
 * The clusters on which large logs are measured: each by a kubeconfig file, so that operator and gateway run against it
 * as programs of their own.
 */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { installDefinitions } from '../../fabric/operator/install.ts';
import { createHttpClient, loadKubeConfig } from '../../kubernetes/http-client.ts';
import { namespaces } from '../../kubernetes/resources.ts';
import { LocalImages } from '../../simulator/node/runtimes/processes/local-images.ts';
import { createNamespace } from '../environments/controlplane/namespace.ts';
import { ownWorld } from '../environments/controlplane/own-world.ts';
import { absence } from '../environments/controlplane/parts.ts';
import { readCluster } from '../environments/kind/state.ts';
import { startLive } from '../up/live.ts';

export const logClusterNames = ['sim', 'controlplane', 'kind'] as const;
export type LogClusterName = (typeof logClusterNames)[number];

export interface LogCluster {
  /** Path. */
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly actorImage: string;
  /** What runs the actor there. */
  readonly runs: string;
  end(): Promise<void>;
}

export class ClusterAbsentError extends Error {
  override readonly name = 'ClusterAbsentError';
}

interface Reached {
  readonly kubeconfig: string;
  readonly actorImage: string;
  readonly runs: string;
  end(): Promise<void>;
}

/** A cluster with a namespace for the measurement; ClusterAbsentError says how to get one that is not there. */
export async function openLogCluster(name: LogClusterName, kindCluster: string): Promise<LogCluster> {
  const reached = await reach[name](kindCluster);
  const own = ownWorld('harness');
  const client = createHttpClient({ world: own.world, config: await loadKubeConfig(reached.kubeconfig) });
  const namespace = `orrery-logs-${randomBytes(3).toString('hex')}`;
  const end = async () => {
    await client.delete(namespaces, undefined, namespace).catch(() => undefined);
    await own.close();
    await reached.end();
  };
  try {
    await installDefinitions(own.world, client);
    await createNamespace(client, own.world.clock, namespace, { 'orrery.dev/run': namespace });
    return { ...reached, namespace, end };
  } catch (error) {
    await end();
    throw error;
  }
}

const actorProcess = {
  'orrery/actor': {
    command: [process.execPath, fileURLToPath(new URL('../../fixtures/actor/actor-process.ts', import.meta.url))],
  },
};

const reach: Readonly<Record<LogClusterName, (kindCluster: string) => Promise<Reached>>> = {
  async sim() {
    const live = await startLive(
      {
        port: 0,
        speed: 1,
        images: actorProcess,
        namespace: 'default',
        without: ['operator', 'gateway', 'content'],
      },
      new AbortController().signal,
    );
    const { kubeconfig } = live.endpoints.kubernetes;
    return { kubeconfig, actorImage: 'orrery/actor', runs: 'a process of the simulated node', end: () => live.stop() };
  },
  async controlplane() {
    const missing = absence();
    if (missing !== undefined) throw new ClusterAbsentError(missing);
    const { controlPlaneSteps, startControlPlane } = await import('../environments/controlplane/control-plane.ts');
    const { joinNode } = await import('../environments/controlplane/steps/join-node.ts');
    const node = joinNode({ name: 'node-1', programs: {}, images: new LocalImages(actorProcess) });
    const plane = await startControlPlane({ steps: [...controlPlaneSteps, node] });
    const { kubeconfig } = plane;
    return { kubeconfig, actorImage: 'orrery/actor', runs: 'a process of our node agent', end: () => plane.stop() };
  },
  async kind(name) {
    const cluster = readCluster(name);
    if (!cluster) throw new ClusterAbsentError(`no kind cluster "${name}" is up: npm run kind:up -- --name ${name}`);
    const { kubeconfig, tag } = cluster;
    return { kubeconfig, actorImage: `orrery/actor:${tag}`, runs: 'a container', end: async () => undefined };
  },
};
