/**
 * How many pods the sets of a Deployment may have in the middle of a rollout. Pure. Source: Kubernetes' `rolling.go`.
 */
import type { Deployment, ReplicaSet } from '../../../kubernetes/objects.ts';
import { byAge, isRollingUpdate, maximumSurge, maximumUnavailable, replicasOf } from './facts.ts';
import type { Sized } from './proportions.ts';
import { countedBy, wantedBy } from './sets.ts';

/** The new set's size: as many as the surge leaves room for, and no more than are wanted. `present`: its size now. */
export function newSetReplicas(deployment: Deployment, oldSets: readonly ReplicaSet[], present: number): number {
  const wanted = replicasOf(deployment);
  if (!isRollingUpdate(deployment)) return wanted;
  const room = wanted + maximumSurge(deployment) - wantedBy(oldSets) - present;
  return room <= 0 ? present : present + Math.min(room, wanted - present);
}

/**
 * How many pods of old sets may go: so many that enough are available, unavailable ones of the new set not counted.
 * `oldSets` are those with pods.
 */
export function removable(deployment: Deployment, newSet: ReplicaSet, oldSets: readonly ReplicaSet[]): number {
  const minimum = replicasOf(deployment) - maximumUnavailable(deployment);
  const unavailable = replicasOf(newSet) - (newSet.status?.availableReplicas ?? 0);
  return Math.max(0, wantedBy([...oldSets, newSet]) - minimum - unavailable);
}

/** First the pods that are not available anyway, of the oldest sets first. The sets that shrink. */
export function withoutUnhealthy(oldSets: readonly ReplicaSet[], atMost: number): Sized[] {
  return shrunk(oldSets, atMost, (set) => replicasOf(set) - (set.status?.availableReplicas ?? 0));
}

/** Then as many as there are available ones to spare, of the oldest sets first. */
export function withoutSpare(deployment: Deployment, newSet: ReplicaSet, oldSets: readonly ReplicaSet[]): Sized[] {
  const minimum = replicasOf(deployment) - maximumUnavailable(deployment);
  const spare = countedBy([...oldSets, newSet], 'availableReplicas') - minimum;
  return shrunk(oldSets, spare, replicasOf);
}

function shrunk(sets: readonly ReplicaSet[], atMost: number, goes: (set: ReplicaSet) => number): Sized[] {
  let left = atMost;
  const sizes: Sized[] = [];
  for (const set of sets.toSorted(byAge)) {
    const count = Math.min(left, goes(set), replicasOf(set));
    if (count <= 0) continue;
    left -= count;
    sizes.push({ set, replicas: replicasOf(set) - count });
  }
  return sizes;
}
