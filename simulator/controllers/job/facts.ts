/**
 * What a Job and its pods say about themselves: the words in which the rules of the Job controller are written.
 * Source: semantics 3.4, upstream's names where there are some.
 */

import { isFinished } from '../../../kubernetes/conditions.ts';
import { isBeingDeleted } from '../../../kubernetes/meta.ts';
import type { Job, Pod } from '../../../kubernetes/objects.ts';

export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';
/** Annotation and label of a pod of an Indexed Job. */
export const completionIndexKey = 'batch.kubernetes.io/job-completion-index';
export const failureCountKey = 'batch.kubernetes.io/job-index-failure-count';
export const ignoredFailureCountKey = 'batch.kubernetes.io/job-index-ignored-failure-count';

const builtInManager = 'kubernetes.io/job-controller';
const unlimited = 2_147_483_647;
const defaultBackoffLimit = 6;

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export function timeText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}

/** Epoch ms of a time on the wire; undefined when there is none. */
export function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}

export function isManagedElsewhere(job: Job): boolean {
  return job.spec?.managedBy !== undefined && job.spec.managedBy !== builtInManager;
}

/** False for a Job that this controller leaves alone: finished, or another controller's. */
export function needsSync(job: Job): boolean {
  return !isFinished(job) && !isManagedElsewhere(job);
}

export function isSuspended(job: Job): boolean {
  return job.spec?.suspend === true;
}

export function isIndexed(job: Job): boolean {
  return job.spec?.completionMode === 'Indexed';
}

export function hasLimitPerIndex(job: Job): boolean {
  return job.spec?.backoffLimitPerIndex !== undefined;
}

/** True if a terminating pod is replaced only once it has failed. */
export function replacesOnlyFailed(job: Job): boolean {
  return job.spec?.podReplacementPolicy === 'Failed' || job.spec?.podFailurePolicy !== undefined;
}

/** Number of indexes of an Indexed Job; for others the wanted successes, if they were given. */
export function completionsOf(job: Job): number {
  return job.spec?.completions ?? 0;
}

export function backoffLimitOf(job: Job): number {
  return job.spec?.backoffLimit ?? (hasLimitPerIndex(job) ? unlimited : defaultBackoffLimit);
}

export function hasTrackingFinalizer(pod: Pod): boolean {
  return pod.metadata?.finalizers?.includes(trackingFinalizer) ?? false;
}

export function isTerminal(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

export function isSucceeded(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded';
}

export function isActive(pod: Pod): boolean {
  return !isTerminal(pod) && !isBeingDeleted(pod);
}

export function isTerminating(pod: Pod): boolean {
  return !isTerminal(pod) && isBeingDeleted(pod);
}

export function isReady(pod: Pod): boolean {
  return readyCondition(pod)?.status === 'True';
}

export function readyCondition(pod: Pod) {
  return pod.status?.conditions?.find((condition) => condition.type === 'Ready');
}

/** Semantics 3.4.3: a pod that is being deleted has failed, unless the Job wants to see it end first. */
export function isPodFailed(pod: Pod, job: Job): boolean {
  if (pod.status?.phase === 'Failed') return true;
  return !replacesOnlyFailed(job) && isBeingDeleted(pod) && !isSucceeded(pod);
}

/** The pod's index if it is one of the Job's, else undefined. */
export function validIndexOf(pod: Pod, job: Job): number | undefined {
  const index = completionIndexOf(pod);
  return index !== undefined && index < completionsOf(job) ? index : undefined;
}

/** The pod's completion index, which may lie beyond the Job's completions. */
export function completionIndexOf(pod: Pod): number | undefined {
  return countFrom(pod.metadata?.annotations?.[completionIndexKey]);
}

/** Counted failures of the pod's index before this pod; 0 when the annotation is missing or makes no sense. */
export function failureCountOf(pod: Pod): number {
  return countFrom(pod.metadata?.annotations?.[failureCountKey]) ?? 0;
}

export function ignoredFailureCountOf(pod: Pod): number {
  return countFrom(pod.metadata?.annotations?.[ignoredFailureCountKey]) ?? 0;
}

function countFrom(text: string | undefined): number | undefined {
  if (text === undefined || !/^\+?\d+$/.test(text)) return undefined;
  const count = Number(text);
  return count <= unlimited ? count : undefined;
}
