/** The one cluster that all scenarios of a run share: real control plane, one node, the definitions of Task and TaskPool. */
import { actor } from '../../../fixtures/actor/actor.ts';
import { skillImages } from '../../up/skill-images.ts';
import { Outputs } from '../sim/outputs.ts';
import { type ControlPlane, controlPlaneSteps, startControlPlane } from './control-plane.ts';
import { installDefinitions } from './steps/install-definitions.ts';
import { joinNode } from './steps/join-node.ts';

export interface SharedCluster {
  readonly plane: ControlPlane;
  /** What the actors on its node wrote. */
  readonly outputs: Outputs;
  /** Aborted when the cluster ends: nobody need wait any longer. */
  readonly signal: AbortSignal;
  end(): Promise<void>;
}

export async function startSharedCluster(): Promise<SharedCluster> {
  const outputs = new Outputs();
  const ending = new AbortController();
  const node = joinNode({ name: 'node-1', programs: { 'orrery/actor': outputs.counted(actor) }, images: skillImages });
  const plane = await startControlPlane({ steps: [...controlPlaneSteps, node, installDefinitions] });
  return {
    plane,
    outputs,
    signal: ending.signal,
    async end() {
      ending.abort(new Error('the cluster ends'));
      await plane.stop();
    },
  };
}
