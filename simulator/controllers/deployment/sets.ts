/** The ReplicaSets of a Deployment: the one of its present template, the others, and what they count together. Pure. */

import { uidOf } from '../../../kubernetes/meta.ts';
import type { Deployment, ReplicaSet } from '../../../kubernetes/objects.ts';
import { byAge, countIn, desiredReplicasKey, replicasOf } from './facts.ts';
import { sameTemplate } from './template.ts';

/** The set of the Deployment's template; of several the oldest. */
export function findNewSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return sets.toSorted(byAge).find((set) => sameTemplate(set.spec?.template, deployment.spec?.template));
}

/** All others, old ones first. */
export function findOldSets(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet[] {
  const newSet = findNewSet(deployment, sets);
  return sets.filter((set) => newSet === undefined || uidOf(set) !== uidOf(newSet)).sort(byAge);
}

/** Those that want pods. */
export function activeSets(sets: readonly (ReplicaSet | undefined)[]): ReplicaSet[] {
  return present(sets).filter((set) => replicasOf(set) > 0);
}

export function present(sets: readonly (ReplicaSet | undefined)[]): ReplicaSet[] {
  return sets.filter((set) => set !== undefined);
}

/** The only set with pods, or the newest if none has any; undefined if several have. */
export function activeOrLatest(newSet: ReplicaSet | undefined, oldSets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const active = activeSets([...oldSets, newSet]);
  if (active.length > 1) return undefined;
  return active[0] ?? newSet ?? oldSets.toSorted(byAge).at(-1);
}

export function wantedBy(sets: readonly (ReplicaSet | undefined)[]): number {
  return sum(present(sets).map(replicasOf));
}

type Count = 'replicas' | 'readyReplicas' | 'availableReplicas';

/** What the sets' own statuses say together. */
export function countedBy(sets: readonly (ReplicaSet | undefined)[], count: Count): number {
  return sum(present(sets).map(({ status }) => status?.[count] ?? 0));
}

/** Undefined if one of them has been seen by its controller and does not say. */
export function terminatingIn(sets: readonly (ReplicaSet | undefined)[]): number | undefined {
  const counts: number[] = [];
  for (const { status } of present(sets)) {
    if (status?.terminatingReplicas !== undefined) counts.push(status.terminatingReplicas);
    else if ((status?.observedGeneration ?? 0) !== 0) return undefined;
  }
  return sum(counts);
}

/** The set has all the pods that the Deployment wants, knows that it wants them, and all are available. */
export function isSaturated(deployment: Deployment, set: ReplicaSet | undefined): boolean {
  if (set === undefined) return false;
  const wanted = replicasOf(deployment);
  return (
    replicasOf(set) === wanted &&
    countIn(set, desiredReplicasKey) === wanted &&
    (set.status?.availableReplicas ?? 0) === wanted
  );
}

/** The Deployment wants another number of pods than when one of its sets was last scaled. */
export function isScaled(deployment: Deployment, sets: readonly (ReplicaSet | undefined)[]): boolean {
  return activeSets(sets).some((set) => {
    const desired = countIn(set, desiredReplicasKey);
    return desired !== undefined && desired !== replicasOf(deployment);
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
