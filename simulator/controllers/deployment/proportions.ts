/**
 * How many pods each ReplicaSet gets when a Deployment is scaled in the middle of a rollout. Pure. Source: Kubernetes'
 * `scale`.
 */
import type { Deployment, ReplicaSet } from '../../../kubernetes/objects.ts';
import { bySize, countIn, maximumReplicasKey, maximumSurge, replicasOf } from './facts.ts';
import { activeSets, wantedBy } from './sets.ts';

export interface Sized {
  readonly set: ReplicaSet;
  readonly replicas: number;
}

/** New sizes of all sets with pods, the largest set first: it takes what rounding leaves over. */
export function proportionalSizes(deployment: Deployment, sets: readonly (ReplicaSet | undefined)[]): Sized[] {
  const wanted = replicasOf(deployment);
  const allowed = wanted > 0 ? wanted + maximumSurge(deployment) : 0;
  const toAdd = allowed - wantedBy(activeSets(sets));
  const active = activeSets(sets).sort((a, b) => bySize(a, b, toAdd > 0 ? 'newer' : 'older'));
  let added = 0;
  const sizes = active.map((set) => {
    const share = toAdd === 0 ? 0 : shareOf(deployment, set, toAdd, added);
    added += share;
    return { set, replicas: replicasOf(set) + share };
  });
  return sizes.map((sized, position) =>
    position === 0 && toAdd !== 0 ? { ...sized, replicas: Math.max(0, sized.replicas + toAdd - added) } : sized,
  );
}

function shareOf(deployment: Deployment, set: ReplicaSet, toAdd: number, added: number): number {
  const left = toAdd - added;
  if (left === 0) return 0;
  const fraction = fractionOf(deployment, set);
  return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
}

function fractionOf(deployment: Deployment, set: ReplicaSet): number {
  const size = replicasOf(set);
  const wanted = replicasOf(deployment);
  if (wanted === 0) return -size;
  const before = countIn(set, maximumReplicasKey) || (deployment.status?.replicas ?? 0);
  if (before === 0) return 0;
  return Math.round((size * (wanted + maximumSurge(deployment))) / before) - size;
}
