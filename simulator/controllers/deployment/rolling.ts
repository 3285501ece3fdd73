/**
 * A rolling update: the new set grows as far as the surge lets it, old ones shrink as far as enough pods are available.
 */

import { uidOf } from '../../../kubernetes/meta.ts';
import type { ReplicaSet } from '../../../kubernetes/objects.ts';
import { isComplete, replicasOf } from './facts.ts';
import { takeOrMakeSets } from './new-set.ts';
import type { Rollout } from './rollout.ts';
import { activeSets } from './sets.ts';
import { newSetReplicas, removable, withoutSpare, withoutUnhealthy } from './sizes.ts';

/** One step. Source: Kubernetes' `rolloutRolling`. */
export async function rollOver(rollout: Rollout, sets: readonly ReplicaSet[]): Promise<void> {
  const seen = await takeOrMakeSets(rollout, sets);
  const scaled = (await growNewSet(rollout, seen)) || (await shrinkOldSets(rollout, seen));
  const { status = {} } = rollout.deployment;
  if (!scaled && isComplete(rollout.deployment, status)) await rollout.cleanUp(seen.oldSets);
  await rollout.syncRolloutStatus(seen);
}

interface Seen {
  readonly newSet: ReplicaSet;
  readonly oldSets: readonly ReplicaSet[];
}

async function growNewSet(rollout: Rollout, { newSet, oldSets }: Seen): Promise<boolean> {
  const present = replicasOf(newSet);
  if (present === rollout.wanted) return false;
  const replicas = present > rollout.wanted ? rollout.wanted : newSetReplicas(rollout.deployment, oldSets, present);
  return (await rollout.resize(newSet, replicas)).scaled;
}

async function shrinkOldSets(rollout: Rollout, { newSet, oldSets }: Seen): Promise<boolean> {
  const active = activeSets(oldSets);
  const atMost = active.length === 0 ? 0 : removable(rollout.deployment, newSet, active);
  if (atMost === 0) return false;
  try {
    const unhealthy = withoutUnhealthy(active, atMost);
    const resized = new Map<string, ReplicaSet>();
    for (const { set, replicas } of unhealthy) resized.set(uidOf(set), (await rollout.resize(set, replicas)).set);
    const left = active.map((set) => resized.get(uidOf(set)) ?? set);
    const spare = withoutSpare(rollout.deployment, newSet, left);
    for (const { set, replicas } of spare) await rollout.resize(set, replicas);
    return unhealthy.length + spare.length > 0;
  } catch {
    // Upstream lets a refusal pass: the status is written, and what has changed meanwhile brings the next sync.
    return false;
  }
}
