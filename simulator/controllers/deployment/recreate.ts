/** All old pods go, and when the last is gone the new ones come. Source: Kubernetes' `recreate.go`. */

import { uidOf } from '../../../kubernetes/meta.ts';
import type { Pod, ReplicaSet } from '../../../kubernetes/objects.ts';
import { isTerminal } from '../job/facts.ts';
import { isComplete } from './facts.ts';
import { takeOrMakeSets, takeSets } from './new-set.ts';
import type { Rollout } from './rollout.ts';
import { activeSets, countedBy } from './sets.ts';

/** One step. `podsOf`: the pods of a set, those too that are ending. */
export async function recreate(
  rollout: Rollout,
  sets: readonly ReplicaSet[],
  podsOf: (set: ReplicaSet) => readonly Pod[],
): Promise<void> {
  const before = await takeSets(rollout, sets);
  let scaled = false;
  for (const old of activeSets(before.oldSets)) scaled = (await rollout.resize(old, 0)).scaled || scaled;
  if (scaled || oldPodsRun(sets, before, podsOf)) return rollout.syncRolloutStatus(before);
  const { newSet } = before;
  const seen = newSet ? { ...before, newSet } : await takeOrMakeSets(rollout, sets);
  await rollout.resize(seen.newSet, rollout.wanted);
  const { status = {} } = rollout.deployment;
  if (isComplete(rollout.deployment, status)) await rollout.cleanUp(seen.oldSets);
  await rollout.syncRolloutStatus(seen);
}

function oldPodsRun(
  sets: readonly ReplicaSet[],
  { newSet, oldSets }: { readonly newSet: ReplicaSet | undefined; readonly oldSets: readonly ReplicaSet[] },
  podsOf: (set: ReplicaSet) => readonly Pod[],
): boolean {
  if (countedBy(oldSets, 'replicas') > 0) return true;
  const others = sets.filter((set) => newSet === undefined || uidOf(set) !== uidOf(newSet));
  return others.some((set) => podsOf(set).some((pod) => !isTerminal(pod)));
}
