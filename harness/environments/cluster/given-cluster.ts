/**
 * A cluster that is there: kind's, or whatever a kubeconfig names. Besides the definitions of Task and TaskPool only
 * namespaces of the run's own are touched, or the one that was named; all that is made carries the run's label or lies
 * in what does, and is gone when the run has ended.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installDefinitions } from '../../../fabric/operator/install.ts';
import { tasks } from '../../../fabric/task/task.ts';
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { ClusterAccess } from '../../../kubernetes/http-client.ts';
import { createHttpClient } from '../../../kubernetes/http-client.ts';
import type { World } from '../../../world/world.ts';
import { ownWorld } from '../controlplane/own-world.ts';
import { readBase } from './deployed/manifests.ts';
import { DeployedServices, typeOf } from './deployed/services.ts';
import { givenNamespace, ownNamespaces } from './namespace-allocator.ts';
import { PodOutputs } from './pod-outputs.ts';
import type { SharedCluster } from './shared-cluster.ts';

/** On each namespace that a run makes; its value is the run's. */
export const RUN_LABEL = 'orrery.dev/run';

export interface GivenClusterOptions {
  /** How to reach it: the part of a kubeconfig. */
  readonly access: ClusterAccess;
  /** The run's name, of letters and digits. */
  readonly run: string;
  /** The only one that is touched, for all scenarios; absent: each has one of the run's own. */
  readonly namespace?: string | undefined;
  imageOf(image: string): string;
}

export class DefinitionsMissingError extends Error {
  override readonly name = 'DefinitionsMissingError';

  constructor(cause: unknown) {
    super(
      'the cluster has no definitions of Task and TaskPool, and they may not be created: have an administrator run ' +
        `kubectl apply -f deploy/base/definitions.yaml; the server says: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** Brings the definitions there; rejects when the cluster cannot be reached. */
export async function shareGivenCluster({
  access,
  run,
  namespace,
  imageOf,
}: GivenClusterOptions): Promise<SharedCluster> {
  const own = ownWorld('harness');
  const { world } = own;
  const client = createHttpClient({ world, config: access });
  const ending = new AbortController();
  const labels = { [RUN_LABEL]: run };
  const base = readBase();
  const { namespaceLabels, objects } = base;
  const secret = typeOf({ apiVersion: 'v1', kind: 'Secret' });
  const deployedTypes = [secret, ...new Map(objects.map((object) => [object.kind, typeOf(object)])).values()];
  const options = { client, clock: world.clock, labels, namespaceLabels, deployedTypes };
  const allocator = namespace === undefined ? ownNamespaces(options) : givenNamespace(namespace, options);
  try {
    await bringDefinitions(world, client, namespace);
  } catch (error) {
    await own.close();
    throw error;
  }
  const folder = mkdtempSync(join(tmpdir(), 'orrery-cluster-'));
  return {
    world,
    folder,
    clientOf: (other) => createHttpClient({ world: other, config: access }),
    imageOf,
    claim: (name) => allocator.claim(name),
    deploy: (other, name, settings) => {
      const { signal } = ending;
      const theirs = createHttpClient({ world: other, config: access });
      const rendering = { base, namespace: name, labels, settings, imageOf };
      return new DeployedServices({ ...rendering, world: other, client: theirs, access, signal });
    },
    outputsIn: (name, signal) => PodOutputs.start({ world, client, namespace: name, signal }),
    release: (name) => allocator.release(name),
    signal: ending.signal,
    async end() {
      ending.abort(new Error('the run ends'));
      try {
        await allocator.end();
      } finally {
        await own.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Who has rights in one namespace only finds them there, or is told whom to ask. */
async function bringDefinitions(world: World, client: KubernetesClient, namespace: string | undefined): Promise<void> {
  try {
    await installDefinitions(world, client);
  } catch (error) {
    if (!hasReason(error, 'Forbidden') || namespace === undefined) throw error;
    await client.list(tasks, { namespace }).catch((reason: unknown) => {
      throw hasReason(reason, 'NotFound') ? new DefinitionsMissingError(error) : reason;
    });
  }
}
