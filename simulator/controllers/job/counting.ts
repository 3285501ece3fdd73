/**
 * Counting pods that have ended, so that none is counted twice or lost: a pod's UID stands in `uncountedTerminatedPods`
 * before its finalizer goes, and enters the counter only after. Source: semantics 3.6.
 */

import { isBeingDeleted, uidOf } from '../../../kubernetes/meta.ts';
import type { Job, JobStatus, Pod } from '../../../kubernetes/objects.ts';
import type { Ending } from './ending.ts';
import {
  completionIndexOf,
  hasLimitPerIndex,
  isIndexed,
  isPodFailed,
  isSucceeded,
  timeText,
  validIndexOf,
} from './facts.ts';
import { countIndexes, formatIndexes, hasIndex, withIndexes } from './indexes.ts';
import { awaitsCounting, type Observation } from './observation.ts';
import { judgeFailure } from './policies.ts';
import { newCondition, withCondition } from './status.ts';

/** Keeps the list of UIDs in a status under 20 KB. */
const maximumUncounted = 500;

export interface Tally {
  readonly status: JobStatus;
  /** False if nothing of the status has to be written. */
  readonly changed: boolean;
  /** Pods whose finalizer goes once the status is written. */
  readonly release: readonly Pod[];
  /** UIDs that the counters must not take yet, because their pods have the finalizer. */
  readonly held: ReadonlySet<string>;
  /** False if pods are left over for the next sync. */
  readonly complete: boolean;
}

type Entry =
  | { readonly kind: 'succeeded' | 'failed'; readonly uid: string }
  | { readonly kind: 'index'; readonly index: number };

/** The status to write first: what has ended stands in it, and so does the interim condition of an ending. */
export function tally(seen: Observation, before: JobStatus, ending: Ending | undefined): Tally {
  const held = new Set(seen.pods.filter((pod) => awaitsCounting(seen, pod)).map(uidOf));
  const settled = settleUncounted(before, held);
  const { release, entries, complete } = collect(seen, settled.status, ending);
  const withEntries = addEntries(settled.status, entries);
  const indexed = addIndexes(seen, withEntries, entries);
  const status = ending?.interim
    ? { ...indexed.status, conditions: [...(indexed.status.conditions ?? []), ending.interim] }
    : indexed.status;
  const changed = settled.changed || entries.length > 0 || indexed.changed || ending?.interim !== undefined;
  return { status, changed, release, held, complete };
}

/** Moves UIDs whose pods no longer have the finalizer from the list into the counters. */
export function settleUncounted(status: JobStatus, held: ReadonlySet<string>): { status: JobStatus; changed: boolean } {
  const succeeded = status.uncountedTerminatedPods?.succeeded ?? [];
  const failed = status.uncountedTerminatedPods?.failed ?? [];
  const left = { succeeded: succeeded.filter((uid) => held.has(uid)), failed: failed.filter((uid) => held.has(uid)) };
  const settledSuccesses = succeeded.length - left.succeeded.length;
  const settledFailures = failed.length - left.failed.length;
  return {
    status: {
      ...status,
      succeeded: (status.succeeded ?? 0) + settledSuccesses,
      failed: (status.failed ?? 0) + settledFailures,
      uncountedTerminatedPods: left,
    },
    changed: settledSuccesses + settledFailures > 0,
  };
}

/**
 * The status with the terminal condition; undefined while pods are uncounted or terminating. completionTime is given
 * for Complete only.
 */
export function terminalStatus(
  status: JobStatus,
  ending: Ending,
  terminating: number,
  now: number,
): JobStatus | undefined {
  const uncounted = status.uncountedTerminatedPods;
  if ((uncounted?.succeeded?.length ?? 0) + (uncounted?.failed?.length ?? 0) + terminating > 0) return undefined;
  const condition = newCondition(ending.succeeded ? 'Complete' : 'Failed', ending.reason, ending.message, now);
  const conditions = withCondition(status.conditions ?? [], condition) ?? status.conditions;
  return { ...status, conditions, ...(ending.succeeded ? { completionTime: timeText(now) } : {}) };
}

function collect(
  seen: Observation,
  status: JobStatus,
  ending: Ending | undefined,
): { release: Pod[]; entries: Entry[]; complete: boolean } {
  const release: Pod[] = [];
  const entries: Entry[] = [];
  const listed = status.uncountedTerminatedPods;
  const room = maximumUncounted - (listed?.succeeded?.length ?? 0) - (listed?.failed?.length ?? 0);
  for (const pod of inIndexOrder(seen)) {
    if (!awaitsCounting(seen, pod) || !canRelease(seen, pod, ending)) continue;
    release.push(pod);
    const entry = entryOf(seen, pod, ending);
    if (entry !== undefined) entries.push(entry);
    if (entries.length >= room) return { release, entries, complete: false };
  }
  return { release, entries, complete: true };
}

function inIndexOrder(seen: Observation): readonly Pod[] {
  if (!isIndexed(seen.job)) return seen.pods;
  return [...seen.pods].sort((a, b) => (completionIndexOf(a) ?? -1) - (completionIndexOf(b) ?? -1));
}

function canRelease({ job, indexes }: Observation, pod: Pod, ending: Ending | undefined): boolean {
  if (isBeingDeleted(job) || ending !== undefined || isSucceeded(pod)) return true;
  if (!isPodFailed(pod, job)) return false;
  const index = completionIndexOf(pod);
  if (!hasLimitPerIndex(job) || index === undefined) return true;
  const awaiting = indexes?.awaitingReplacement.get(index);
  return awaiting === undefined || uidOf(awaiting) !== uidOf(pod);
}

/** How this pod counts; undefined if it does not, or has been listed before. */
function entryOf(seen: Observation, pod: Pod, ending: Ending | undefined): Entry | undefined {
  const { job } = seen;
  const uid = uidOf(pod);
  const listed = job.status?.uncountedTerminatedPods;
  const listedAsFailed = listed?.failed?.includes(uid) ?? false;
  if (isSucceeded(pod) && !listedAsFailed) {
    if (isIndexed(job)) return indexEntry(seen, pod);
    return listed?.succeeded?.includes(uid) ? undefined : { kind: 'succeeded', uid };
  }
  // In a failing Job every pod that has not succeeded counts as failed, in a succeeding one only those that have
  // failed.
  const failed = isPodFailed(pod, job) || (ending !== undefined && !ending.succeeded);
  if (!failed || listedAsFailed) return undefined;
  if (isIndexed(job) && validIndexOf(pod, job) === undefined) return undefined;
  return judgeFailure(job, pod).counted ? { kind: 'failed', uid } : undefined;
}

/** A success of an index needs no UID: the index itself cannot be counted twice. */
function indexEntry({ job, indexes }: Observation, pod: Pod): Entry | undefined {
  const index = validIndexOf(pod, job);
  if (index === undefined || hasIndex(indexes?.counted ?? [], index)) return undefined;
  return { kind: 'index', index };
}

function addEntries(status: JobStatus, entries: readonly Entry[]): JobStatus {
  const uidsOf = (kind: Entry['kind']) =>
    entries.flatMap((entry) => (entry.kind === kind && entry.kind !== 'index' ? [entry.uid] : []));
  const listed = status.uncountedTerminatedPods;
  return {
    ...status,
    uncountedTerminatedPods: {
      succeeded: [...(listed?.succeeded ?? []), ...uidsOf('succeeded')],
      failed: [...(listed?.failed ?? []), ...uidsOf('failed')],
    },
  };
}

function addIndexes(
  { indexes }: Observation,
  status: JobStatus,
  entries: readonly Entry[],
): { status: JobStatus; changed: boolean } {
  if (indexes === undefined) return { status, changed: false };
  const added = entries.flatMap((entry) => (entry.kind === 'index' ? [entry.index] : []));
  const succeeded = withIndexes(indexes.succeeded, added);
  const completedIndexes = formatIndexes(succeeded);
  const failedIndexes = indexes.failed === undefined ? undefined : formatIndexes(indexes.failed);
  return {
    status: {
      ...status,
      succeeded: countIndexes(succeeded),
      completedIndexes,
      ...(failedIndexes === undefined ? {} : { failedIndexes }),
    },
    changed: completedIndexes !== (status.completedIndexes ?? '') || failedIndexes !== status.failedIndexes,
  };
}

/** The Job with the status that the sync begins with. */
export function withUncounted(job: Job): Job {
  return { ...job, status: { ...job.status, uncountedTerminatedPods: job.status?.uncountedTerminatedPods ?? {} } };
}
