/**
 * How long the controller waits before it replaces a failed pod. Source: semantics 3.7: 10 s * 2^(n-1), capped at 10
 * minutes (the upstream documentation says six), counted from the finish of the last failed pod. The record lives in
 * the controller's memory: a restart forgets it.
 */
import type { ContainerStatus, Pod } from '../../../kubernetes/objects.ts';
import { failureCountOf, ignoredFailureCountOf, readyCondition, timeOf } from './facts.ts';

const firstDelayMs = 10_000;
const maximumDelayMs = 600_000;

/** Failures since the last success and when the last of them finished, epoch ms. */
export interface BackoffRecord {
  readonly failures: number;
  readonly lastFailureAt?: number;
}

export const noFailures: BackoffRecord = { failures: 0 };

/** Milliseconds from `now` until the next pod may be created; 0 if it may at once. */
export function remainingBackoffMs(record: BackoffRecord, now: number): number {
  if (record.failures === 0 || record.lastFailureAt === undefined) return 0;
  // Beyond 2^6 the cap holds anyway: keeps the power small whatever the count.
  const delayMs = Math.min(maximumDelayMs, firstDelayMs * 2 ** Math.min(record.failures - 1, 16));
  return Math.max(0, record.lastFailureAt + delayMs - now);
}

/**
 * The record after these pods have ended: a success at the same instant as a failure, or later, forgets that failure.
 */
export function nextBackoffRecord(
  record: BackoffRecord,
  succeeded: readonly Pod[],
  failed: readonly Pod[],
): BackoffRecord {
  const failures = failed.map(finishedAtOf);
  if (succeeded.length === 0) {
    if (failures.length === 0) return record;
    return { failures: record.failures + failures.length, lastFailureAt: Math.max(...failures) };
  }
  const lastSuccessAt = Math.max(...succeeded.map(finishedAtOf));
  const later = failures.filter((at) => at > lastSuccessAt);
  return later.length === 0 ? noFailures : { failures: later.length, lastFailureAt: Math.max(...later) };
}

/** The same formula for one index: its failures are counted in the annotations of its last pod. */
export function remainingIndexBackoffMs(lastFailed: Pod | undefined, now: number): number {
  if (lastFailed === undefined) return 0;
  const failures = indexFailuresOf(lastFailed) + 1;
  return remainingBackoffMs({ failures, lastFailureAt: finishedAtOf(lastFailed) }, now);
}

/** Failures of the pod's index before this pod, ignored ones too. */
export function indexFailuresOf(pod: Pod): number {
  return failureCountOf(pod) + ignoredFailureCountOf(pod);
}

/** When the pod ended, epoch ms, by the best evidence there is. */
export function finishedAtOf(pod: Pod): number {
  return (
    containersFinishedAt(pod) ?? notReadySince(pod) ?? deletedAt(pod) ?? timeOf(pod.metadata?.creationTimestamp) ?? 0
  );
}

/** Latest end of all containers and sidecars; undefined as soon as one has none. */
function containersFinishedAt(pod: Pod): number | undefined {
  const sidecars = new Set(
    (pod.spec?.initContainers ?? [])
      .filter((container) => container.restartPolicy === 'Always')
      .map((container) => container.name),
  );
  const main = finishTimes(pod.status?.containerStatuses ?? []);
  const beside = finishTimes((pod.status?.initContainerStatuses ?? []).filter((status) => sidecars.has(status.name)));
  if (main === undefined || beside === undefined) return undefined;
  const times = [...main, ...beside];
  return times.length === 0 ? undefined : Math.max(...times);
}

function finishTimes(statuses: readonly ContainerStatus[]): number[] | undefined {
  const times: number[] = [];
  for (const status of statuses) {
    const finishedAt = timeOf(status.state?.terminated?.finishedAt);
    if (finishedAt === undefined) return undefined;
    times.push(finishedAt);
  }
  return times;
}

function notReadySince(pod: Pod): number | undefined {
  const condition = readyCondition(pod);
  return condition?.status === 'False' ? timeOf(condition.lastTransitionTime) : undefined;
}

/** The deletion timestamp lies a grace period after the request. */
function deletedAt(pod: Pod): number | undefined {
  const deadline = timeOf(pod.metadata?.deletionTimestamp);
  return deadline === undefined ? undefined : deadline - (pod.metadata?.deletionGracePeriodSeconds ?? 0) * 1000;
}
