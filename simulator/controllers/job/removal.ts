/** Which pods go when there are too many. Source: semantics 3.5; the order is that of every upstream controller. */
import type { ContainerStatus, Job, Pod } from '../../../kubernetes/objects.ts';
import { completionIndexOf, completionsOf, isIndexed, isReady, readyCondition, timeOf } from './facts.ts';

const phaseRanks: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * Pods to remove out of the active ones: for an Indexed Job all duplicates, pods without an index and beyond the last
 * index; and whatever else is needed to make it `atLeast`, the least valuable first.
 */
export function podsForRemoval(job: Job, active: readonly Pod[], atLeast: number): Pod[] {
  const { misplaced, others } = isIndexed(job) ? splitByIndex(job, active) : { misplaced: [], others: [...active] };
  const missing = Math.max(0, atLeast - misplaced.length);
  return [...misplaced, ...others.sort(compareForRemoval).slice(0, missing)];
}

function splitByIndex(job: Job, active: readonly Pod[]): { misplaced: Pod[]; others: Pod[] } {
  const misplaced: Pod[] = [];
  const best = new Map<number, Pod>();
  for (const pod of [...active].sort(compareForRemoval)) {
    const index = completionIndexOf(pod);
    if (index === undefined || index >= completionsOf(job)) {
      misplaced.push(pod);
      continue;
    }
    const worse = best.get(index);
    if (worse !== undefined) misplaced.push(worse);
    best.set(index, pod);
  }
  return { misplaced, others: [...best.values()] };
}

/** Negative if `a` goes before `b`; equal pods keep the order of their names, so that a run can be repeated. */
export function compareForRemoval(a: Pod, b: Pod): number {
  return (
    first(isAssigned(a), isAssigned(b)) ||
    phaseRank(a) - phaseRank(b) ||
    first(isReady(a), isReady(b)) ||
    (isReady(a)
      ? later(timeOf(readyCondition(a)?.lastTransitionTime), timeOf(readyCondition(b)?.lastTransitionTime))
      : 0) ||
    restarts(b) - restarts(a) ||
    later(timeOf(a.metadata?.creationTimestamp), timeOf(b.metadata?.creationTimestamp)) ||
    compareText(a.metadata?.name ?? '', b.metadata?.name ?? '')
  );
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isAssigned(pod: Pod): boolean {
  return (pod.spec?.nodeName ?? '') !== '';
}

function phaseRank(pod: Pod): number {
  return phaseRanks[pod.status?.phase ?? 'Pending'] ?? 0;
}

/** What is false goes first. */
function first(a: boolean, b: boolean): number {
  return Number(a) - Number(b);
}

/** What has no time goes first, then the latest. */
function later(a: number | undefined, b: number | undefined): number {
  return a === b ? 0 : (b ?? Number.MAX_SAFE_INTEGER) - (a ?? Number.MAX_SAFE_INTEGER);
}

function restarts(pod: Pod): number {
  const counts = (pod.status?.containerStatuses ?? []).map((status: ContainerStatus) => status.restartCount);
  return Math.max(0, ...counts);
}
