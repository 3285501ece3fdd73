/**
 * What one sync sees: the Job and its pods, sorted and counted. Everything after this is decided on the observation
 * alone. Source: semantics 3.4 (2, 3), 3.8.
 */

import { uidOf } from '../../../kubernetes/meta.ts';
import type { Job, Pod } from '../../../kubernetes/objects.ts';
import { type BackoffRecord, finishedAtOf, indexFailuresOf, nextBackoffRecord } from './backoff.ts';
import {
  completionIndexOf,
  completionsOf,
  hasLimitPerIndex,
  hasTrackingFinalizer,
  isActive,
  isIndexed,
  isPodFailed,
  isReady,
  isSucceeded,
  isTerminating,
  validIndexOf,
} from './facts.ts';
import { countIndexes, hasIndex, type Indexes, parseIndexes, withIndexes } from './indexes.ts';
import { failsItsIndex, judgeFailure } from './policies.ts';

export interface Sighting {
  readonly now: number;
  readonly job: Job;
  /** The Job's pods, in a fixed order. */
  readonly pods: readonly Pod[];
  /** UIDs of pods whose finalizer this controller has removed, though the cache still shows it. */
  readonly releasedPods: ReadonlySet<string>;
  readonly backoff: BackoffRecord;
  /** False while the cache has not shown all of this controller's own creations and deletions. */
  readonly expectationsMet: boolean;
}

export interface IndexObservation {
  /** As the status says. */
  readonly counted: Indexes;
  /** With those of pods that have succeeded since. */
  readonly succeeded: Indexes;
  /** Only with a limit per index. */
  readonly failed?: Indexes;
  /**
   * The failed pod of each index that waits for its replacement: it hands its failure count over, so it must not vanish
   * before.
   */
  readonly awaitingReplacement: ReadonlyMap<number, Pod>;
}

export interface Observation extends Sighting {
  readonly active: readonly Pod[];
  readonly ready: number;
  readonly terminating: number;
  /** Successes and failures, those not yet counted in the status included. */
  readonly succeeded: number;
  readonly failed: number;
  readonly backoffAfter: BackoffRecord;
  readonly indexes?: IndexObservation;
}

export function observe(sighting: Sighting): Observation {
  const { job, pods } = sighting;
  const uncounted = job.status?.uncountedTerminatedPods;
  const active = pods.filter(isActive);
  const newSucceeded = uncountedPods(sighting, uncounted?.succeeded).filter(isSucceeded);
  const newFailed = uncountedPods(sighting, uncounted?.failed).filter((pod) => isPodFailed(pod, job));
  const countedFailures = newFailed.filter((pod) => judgeFailure(job, pod).counted);
  const indexes = isIndexed(job) ? observeIndexes(sighting, active) : undefined;
  return {
    ...sighting,
    active,
    ready: active.filter(isReady).length,
    terminating: pods.filter(isTerminating).length,
    succeeded: indexes
      ? countIndexes(indexes.succeeded)
      : (job.status?.succeeded ?? 0) + newSucceeded.length + (uncounted?.succeeded?.length ?? 0),
    failed: (job.status?.failed ?? 0) + countedFailures.length + (uncounted?.failed?.length ?? 0),
    backoffAfter: nextBackoffRecord(sighting.backoff, newSucceeded, newFailed),
    ...(indexes ? { indexes } : {}),
  };
}

/** True if the pod still has to be counted: it has the finalizer, and this controller has not removed it yet. */
export function awaitsCounting(sighting: Sighting, pod: Pod): boolean {
  return hasTrackingFinalizer(pod) && !sighting.releasedPods.has(uidOf(pod));
}

export function indexesOf(pods: readonly Pod[]): number[] {
  return pods.map(completionIndexOf).filter((index) => index !== undefined);
}

/** Pods that no status mentions yet; of an Indexed Job only those with one of its indexes. */
function uncountedPods(sighting: Sighting, listed: readonly string[] = []): Pod[] {
  const { job } = sighting;
  return sighting.pods.filter(
    (pod) =>
      awaitsCounting(sighting, pod) &&
      !listed.includes(uidOf(pod)) &&
      (!isIndexed(job) || validIndexOf(pod, job) !== undefined),
  );
}

function observeIndexes(sighting: Sighting, active: readonly Pod[]): IndexObservation {
  const { job, pods } = sighting;
  const tracked = pods.filter((pod) => hasTrackingFinalizer(pod) && validIndexOf(pod, job) !== undefined);
  const counted = parseIndexes(job.status?.completedIndexes, completionsOf(job));
  const succeeded = withIndexes(counted, indexesOf(tracked.filter(isSucceeded)));
  if (!hasLimitPerIndex(job)) return { counted, succeeded, awaitingReplacement: new Map() };
  const failed = withIndexes(
    parseIndexes(job.status?.failedIndexes, completionsOf(job)),
    indexesOf(tracked.filter((pod) => failsItsIndex(job, pod))),
  );
  const activeIndexes = withIndexes([], indexesOf(active));
  const settled = [succeeded, failed, activeIndexes];
  const candidates = tracked.filter((pod) => awaitsCounting(sighting, pod) && isPodFailed(pod, job));
  return { counted, succeeded, failed, awaitingReplacement: lastFailedPods(candidates, settled) };
}

function lastFailedPods(candidates: readonly Pod[], settled: readonly Indexes[]): Map<number, Pod> {
  const last = new Map<number, Pod>();
  for (const pod of candidates) {
    const index = completionIndexOf(pod);
    if (index === undefined || settled.some((indexes) => hasIndex(indexes, index))) continue;
    const rival = last.get(index);
    if (rival === undefined || !isEarlier(pod, rival)) last.set(index, pod);
  }
  return last;
}

function isEarlier(pod: Pod, rival: Pod): boolean {
  return indexFailuresOf(pod) < indexFailuresOf(rival) || finishedAtOf(pod) < finishedAtOf(rival);
}
