/**
 * What a Deployment and its ReplicaSets say about themselves: the words in which the rules of a rollout are written.
 * Pure. Source: Kubernetes' `deployment_util.go`; its names where there are some.
 */
import type { Deployment, ReplicaSet } from '../../../kubernetes/objects.ts';
import { timeOf } from '../job/facts.ts';
import { compareText } from '../job/removal.ts';

export type DeploymentStatus = NonNullable<Deployment['status']>;
export type DeploymentCondition = NonNullable<DeploymentStatus['conditions']>[number];

export const revisionKey = 'deployment.kubernetes.io/revision';
export const revisionHistoryKey = 'deployment.kubernetes.io/revision-history';
export const desiredReplicasKey = 'deployment.kubernetes.io/desired-replicas';
export const maximumReplicasKey = 'deployment.kubernetes.io/max-replicas';
export const rollbackKey = 'deprecated.deployment.rollback.to';
/** Label of a ReplicaSet and its pods. */
export const hashKey = 'pod-template-hash';

/** No deadline, no limit. */
const unlimited = 2_147_483_647;

/** Replicas wanted of a Deployment or a ReplicaSet. */
export function replicasOf(object: Deployment | ReplicaSet): number {
  return object.spec?.replicas ?? 1;
}

export function isRollingUpdate(deployment: Deployment): boolean {
  return deployment.spec?.strategy?.type === 'RollingUpdate';
}

export function hasProgressDeadline(deployment: Deployment): boolean {
  const seconds = deployment.spec?.progressDeadlineSeconds;
  return seconds !== undefined && seconds !== unlimited;
}

export function progressDeadlineMs(deployment: Deployment): number {
  return (deployment.spec?.progressDeadlineSeconds ?? unlimited) * 1000;
}

/** How many old ReplicaSets are kept; undefined: all. */
export function historyLimitOf(deployment: Deployment): number | undefined {
  const limit = deployment.spec?.revisionHistoryLimit;
  return limit === unlimited ? undefined : limit;
}

/** A number, or a percentage of the whole. */
function scaled(value: number | string, whole: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  return round((Number.parseInt(value, 10) * whole) / 100);
}

/** How many pods there may be beyond the wanted ones, and how many of these may be missing; never both 0. */
function fenceposts(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  const { maxSurge = 0, maxUnavailable = 0 } = deployment.spec?.strategy?.rollingUpdate ?? {};
  const wanted = replicasOf(deployment);
  const surge = scaled(maxSurge, wanted, Math.ceil);
  const unavailable = scaled(maxUnavailable, wanted, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

export function maximumSurge(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0;
}

export function maximumUnavailable(deployment: Deployment): number {
  const wanted = replicasOf(deployment);
  if (!isRollingUpdate(deployment) || wanted === 0) return 0;
  return Math.min(wanted, fenceposts(deployment).unavailable);
}

export function revisionTextOf(object: Deployment | ReplicaSet): string {
  return object.metadata?.annotations?.[revisionKey] ?? '';
}

/** The number that the text is, within the 64 bits that revisions have; undefined for what is none. */
export function revisionIn(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const revision = BigInt(text.replace('+', ''));
  return BigInt.asIntN(64, revision) === revision ? revision : undefined;
}

/** 0 without a revision; undefined for one that is no number. */
export function revisionOf(set: ReplicaSet): bigint | undefined {
  const text = revisionTextOf(set);
  return text === '' ? 0n : revisionIn(text);
}

export function greatestRevision(sets: readonly ReplicaSet[]): bigint {
  return revisionsOf(sets)[0] ?? 0n;
}

/** The second greatest; 0 if there is none. */
export function lastRevision(sets: readonly ReplicaSet[]): bigint {
  return revisionsOf(sets)[1] ?? 0n;
}

/** Greatest first; none is below 0. */
function revisionsOf(sets: readonly ReplicaSet[]): bigint[] {
  const revisions = sets.map(revisionOf).map((revision = 0n) => (revision > 0n ? revision : 0n));
  return revisions.sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
}

/** A number that an annotation of the set holds, if it holds one. */
export function countIn(set: ReplicaSet, annotation: string): number | undefined {
  const text = set.metadata?.annotations?.[annotation];
  if (text === undefined || !/^\d+$/.test(text) || Number(text) > unlimited) return undefined;
  return Number(text);
}

/** The revision that the Deployment is to go back to; 0 means the last one. */
export function rollbackOf(deployment: Deployment): bigint | undefined {
  return revisionIn(deployment.metadata?.annotations?.[rollbackKey] ?? '');
}

/** Older ones first. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const age = (timeOf(a.metadata?.creationTimestamp) ?? 0) - (timeOf(b.metadata?.creationTimestamp) ?? 0);
  return age || compareText(a.metadata?.name ?? '', b.metadata?.name ?? '');
}

/** Earlier revisions first. */
export function byRevision(a: ReplicaSet, b: ReplicaSet): number {
  const [one, other] = [revisionOf(a), revisionOf(b)];
  return one === undefined || other === undefined || one === other ? byAge(a, b) : one < other ? -1 : 1;
}

/** Larger ones first; of one size the older first, or the newer. */
export function bySize(a: ReplicaSet, b: ReplicaSet, first: 'older' | 'newer'): number {
  return replicasOf(b) - replicasOf(a) || (first === 'older' ? byAge(a, b) : byAge(b, a));
}

/** All wanted pods are up to date and available, and no others are there. */
export function isComplete(deployment: Deployment, status: Partial<DeploymentStatus>): boolean {
  const wanted = replicasOf(deployment);
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, observedGeneration = 0 } = status;
  const all = updatedReplicas === wanted && replicas === wanted && availableReplicas === wanted;
  return all && observedGeneration >= (deployment.metadata?.generation ?? 0);
}

/** There are more new pods, fewer old ones, more ready or more available ones than the Deployment's status says. */
export function makesProgress(deployment: Deployment, next: Partial<DeploymentStatus>): boolean {
  const before = deployment.status ?? {};
  const old = ({ replicas = 0, updatedReplicas = 0 }: Partial<DeploymentStatus>) => replicas - updatedReplicas;
  return (
    (next.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(next) < old(before) ||
    (next.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}
