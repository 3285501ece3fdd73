/**
 * A cluster that is there: kind's, or whatever a kubeconfig names. Besides the definitions of Task and TaskPool only namespaces of the run's own are
 * touched; each carries the run's label, and all are gone when the run has ended.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installDefinitions } from '../../../fabric/operator/install.ts';
import type { ClusterAccess } from '../../../kubernetes/http-client.ts';
import { createHttpClient } from '../../../kubernetes/http-client.ts';
import { ownWorld } from '../controlplane/own-world.ts';
import { PodOutputs } from './pod-outputs.ts';
import { namespacesWith, removeNamespace } from './remove-namespace.ts';
import type { SharedCluster } from './shared-cluster.ts';

/** On each namespace that a run makes; its value is the run's. */
export const RUN_LABEL = 'orrery.dev/run';

export interface GivenClusterOptions {
  /** How to reach it: the part of a kubeconfig. */
  readonly access: ClusterAccess;
  /** The run's name, of letters and digits. */
  readonly run: string;
  imageOf(image: string): string;
}

/** Brings the definitions there; rejects when the cluster cannot be reached. */
export async function shareGivenCluster({ access, run, imageOf }: GivenClusterOptions): Promise<SharedCluster> {
  const own = ownWorld('harness');
  const { world } = own;
  const client = createHttpClient({ world, config: access });
  const labels = { [RUN_LABEL]: run };
  const ending = new AbortController();
  const removals = new Set<Promise<void>>();
  try {
    await installDefinitions(world, client);
  } catch (error) {
    await own.close();
    throw error;
  }
  const folder = mkdtempSync(join(tmpdir(), 'orrery-cluster-'));
  const remove = (namespace: string) => removeNamespace(client, world.clock, namespace);
  return {
    world,
    folder,
    clientOf: (other) => createHttpClient({ world: other, config: access }),
    imageOf,
    labels,
    outputsIn: (namespace) => PodOutputs.start({ world, client, namespace }),
    async release(namespace) {
      // In the background; `end` sees to what fails.
      removals.add(remove(namespace).catch(() => undefined));
    },
    signal: ending.signal,
    async end() {
      ending.abort(new Error('the run ends'));
      try {
        await Promise.all(removals);
        for (
          let left = await namespacesWith(client, labels);
          left.length > 0;
          left = await namespacesWith(client, labels)
        ) {
          await Promise.all(left.map(remove));
        }
      } finally {
        await own.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}
