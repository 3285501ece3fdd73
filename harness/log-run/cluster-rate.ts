/**
 * What the cluster gives without Fabric: the same actor in a Pod of its own, its log followed by a plain client and
 * thrown away. The actor's output, the node's log file and the API server's passage are in it: no shipper that follows
 * can be faster. One that reads the node's files can.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { lineBytes } from '../../fixtures/actor/log-lines.ts';
import { ApiStatusError, type KubernetesClient } from '../../kubernetes/client.ts';
import { createHttpClient, loadKubeConfig } from '../../kubernetes/http-client.ts';
import type { Pod } from '../../kubernetes/objects.ts';
import { pods } from '../../kubernetes/resources.ts';
import { ownWorld } from '../environments/controlplane/own-world.ts';
import type { LogCluster } from './cluster.ts';

const NAME = 'log-alone';
const CONTAINER = 'main';
const POLL_MS = 100;

/** `2026-01-01T00:00:00.000000000Z` and a space before each line. */
const TIME_BYTES = 31;

export interface ClusterAlone {
  /** From the creation of the Pod to the end of its log, ms. */
  readonly durationMs: number;
  /** Of the log that came, without times. */
  readonly bytes: number;
}

/** Rejects when the log is not over after the deadline. */
export async function readClusterAlone(
  cluster: LogCluster,
  sizeBytes: number,
  deadlineMs: number,
): Promise<ClusterAlone> {
  const own = ownWorld('harness');
  try {
    const client = createHttpClient({ world: own.world, config: await loadKubeConfig(cluster.kubeconfig) });
    const container = { name: CONTAINER, image: cluster.actorImage, args: [`log ${sizeBytes}B`] };
    const metadata = { name: NAME, namespace: cluster.namespace };
    const signal = AbortSignal.timeout(deadlineMs);
    const begin = performance.now();
    await client.create<Pod>(pods, cluster.namespace, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { restartPolicy: 'Never', containers: [container] },
    });
    const bytes = await readToEnd(client, cluster.namespace, signal);
    const durationMs = performance.now() - begin;
    await client.delete(pods, cluster.namespace, NAME);
    return { durationMs, bytes: Math.round((bytes * lineBytes) / (lineBytes + TIME_BYTES)) };
  } finally {
    await own.close();
  }
}

/** Follows from the beginning to the end; how many bytes came. */
async function readToEnd(client: KubernetesClient, namespace: string, signal: AbortSignal): Promise<number> {
  for (;;) {
    const bytes = await follow(client, namespace, signal);
    if (bytes > 0) return bytes;
    await sleep(POLL_MS, undefined, { signal });
  }
}

/**
 * 0 while there is nothing to follow: an API server answers nothing for a pod on no node, and refuses one that has not
 * begun.
 */
async function follow(client: KubernetesClient, namespace: string, signal: AbortSignal): Promise<number> {
  const options = { container: CONTAINER, follow: true, timestamps: true };
  let bytes = 0;
  try {
    for await (const chunk of await client.log(namespace, NAME, options, signal)) bytes += chunk.length;
  } catch (error) {
    if (!(error instanceof ApiStatusError) || error.code !== 400) throw error;
  }
  return bytes;
}
