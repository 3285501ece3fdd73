/**
 * The one cluster that all scenarios of a run share: real control plane, one node, the definitions of Task and
 * TaskPool.
 */
import { actor } from '../../../fixtures/actor/actor.ts';
import { namespaces } from '../../../kubernetes/resources.ts';
import { LocalImages } from '../../../simulator/node/runtimes/processes/local-images.ts';
import type { SharedCluster } from '../cluster/shared-cluster.ts';
import { Outputs } from '../sim/outputs.ts';
import { skillImages } from '../skill-images.ts';
import { controlPlaneSteps, startControlPlane } from './control-plane.ts';
import { createNamespace } from './namespace.ts';
import { installDefinitions } from './steps/install-definitions.ts';
import { joinNode } from './steps/join-node.ts';

export async function startSharedCluster(): Promise<SharedCluster> {
  const outputs = new Outputs();
  const ending = new AbortController();
  const node = joinNode({
    name: 'node-1',
    programs: { 'orrery/actor': outputs.counted(actor) },
    images: new LocalImages(skillImages),
  });
  const plane = await startControlPlane({ steps: [...controlPlaneSteps, node, installDefinitions] });
  const client = plane.clientOf(plane.world);
  return {
    world: plane.world,
    folder: plane.folder,
    clientOf: (world) => plane.clientOf(world),
    imageOf: (image) => image,
    claim: (namespace) => createNamespace(client, plane.world.clock, namespace),
    // The node's programs count what they write themselves.
    outputsIn: async () => ({ of: (job) => outputs.of(job), settled: async () => undefined }),
    release: (namespace) => client.delete(namespaces, undefined, namespace).catch(() => undefined),
    signal: ending.signal,
    async end() {
      ending.abort(new Error('the cluster ends'));
      await plane.stop();
    },
  };
}
