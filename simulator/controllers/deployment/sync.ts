/** One sync of a Deployment: which of the ways to go. Source: Kubernetes' `syncDeployment`. */

import { isBeingDeleted } from '../../../kubernetes/meta.ts';
import type { Pod, ReplicaSet } from '../../../kubernetes/objects.ts';
import { rollbackOf } from './facts.ts';
import { takeSets } from './new-set.ts';
import { recreate } from './recreate.ts';
import { rollBack } from './rollback.ts';
import { rollOver } from './rolling.ts';
import type { Rollout } from './rollout.ts';
import { isScaled } from './sets.ts';

/** `sets` are those that the Deployment owns; `podsOf` tells the pods of one of them. */
export async function syncDeployment(
  rollout: Rollout,
  sets: readonly ReplicaSet[],
  podsOf: (set: ReplicaSet) => readonly Pod[],
): Promise<void> {
  if (isBeingDeleted(rollout.deployment)) return rollout.syncStatus(await takeSets(rollout, sets));
  await rollout.checkPaused();
  if (rollout.deployment.spec?.paused) return scaleOnly(rollout, sets);
  if (rollbackOf(rollout.deployment) !== undefined) return rollBack(rollout, sets);
  const { newSet, oldSets } = await takeSets(rollout, sets);
  if (isScaled(rollout.deployment, [...oldSets, newSet])) return scaleOnly(rollout, sets);
  if (rollout.deployment.spec?.strategy?.type === 'Recreate') return recreate(rollout, sets, podsOf);
  return rollOver(rollout, sets);
}

/** Scaled, or paused: the template is left alone. */
async function scaleOnly(rollout: Rollout, sets: readonly ReplicaSet[]): Promise<void> {
  const seen = await takeSets(rollout, sets);
  await rollout.scale(seen);
  const { deployment } = rollout;
  if (deployment.spec?.paused && rollbackOf(deployment) === undefined) await rollout.cleanUp(seen.oldSets);
  await rollout.syncStatus(seen);
}
