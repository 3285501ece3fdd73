/**
 * Which pods go first when there are too many. Pure. Source: Kubernetes' `ActivePodsWithRanks`; ages are compared in
 * powers of two, and among pods of one age the uid decides.
 */

import { uidOf } from '../../../kubernetes/meta.ts';
import type { ContainerStatus, Pod } from '../../../kubernetes/objects.ts';
import { isActive, isReady, readyCondition, timeOf } from '../job/facts.ts';
import { compareText } from '../job/removal.ts';

const costAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
const phaseRanks: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const nanosecondsPerMs = 1e6;
const greatestCost = 2_147_483_647;

/**
 * `count` of the pods. `related` are the pods of all sets of the same owner: a pod goes sooner if many of them share
 * its node. `now` in epoch ms.
 */
export function podsToDelete(pods: readonly Pod[], related: readonly Pod[], count: number, now: number): Pod[] {
  if (count >= pods.length) return [...pods];
  const neighbours = new Map<string, number>();
  for (const pod of related.filter(isActive)) {
    const node = nodeOf(pod);
    neighbours.set(node, (neighbours.get(node) ?? 0) + 1);
  }
  const rankOf = (pod: Pod) => neighbours.get(nodeOf(pod)) ?? 0;
  return pods.toSorted((a, b) => compareForDeletion(a, b, rankOf(a), rankOf(b), now)).slice(0, count);
}

/** Negative if `a` goes before `b`. */
export function compareForDeletion(a: Pod, b: Pod, rankOfA: number, rankOfB: number, now: number): number {
  return (
    Number(nodeOf(a) !== '') - Number(nodeOf(b) !== '') ||
    phaseRank(a) - phaseRank(b) ||
    Number(isReady(a)) - Number(isReady(b)) ||
    deletionCost(a) - deletionCost(b) ||
    rankOfB - rankOfA ||
    (isReady(a) ? compareAges(readySince(a), readySince(b), a, b, now) : 0) ||
    restarts(b.status?.containerStatuses) - restarts(a.status?.containerStatuses) ||
    restarts(b.status?.initContainerStatuses) - restarts(a.status?.initContainerStatuses) ||
    compareAges(timeOf(a.metadata?.creationTimestamp), timeOf(b.metadata?.creationTimestamp), a, b, now) ||
    compareText(a.metadata?.name ?? '', b.metadata?.name ?? '')
  );
}

function nodeOf(pod: Pod): string {
  return pod.spec?.nodeName ?? '';
}

function phaseRank(pod: Pod): number {
  return phaseRanks[pod.status?.phase ?? 'Pending'] ?? 0;
}

/** 0 when the annotation is missing or no 32-bit number. */
export function deletionCost(pod: Pod): number {
  const text = pod.metadata?.annotations?.[costAnnotation] ?? '';
  if (!/^(0|-?[1-9]\d*)$/.test(text)) return 0;
  const cost = Number(text);
  return cost <= greatestCost && cost >= -greatestCost - 1 ? cost : 0;
}

function readySince(pod: Pod): number | undefined {
  return timeOf(readyCondition(pod)?.lastTransitionTime);
}

/** The younger first, by the power of two of its age; no time at all is the youngest. */
function compareAges(since: number | undefined, other: number | undefined, a: Pod, b: Pod, now: number): number {
  if (since === other) return 0;
  if (since === undefined || other === undefined) return since === undefined ? -1 : 1;
  return magnitude(now - since) - magnitude(now - other) || compareText(uidOf(a), uidOf(b));
}

function magnitude(ageMs: number): number {
  return ageMs > 0 ? Math.floor(Math.log2(ageMs * nanosecondsPerMs)) : -1;
}

function restarts(statuses: readonly ContainerStatus[] | undefined): number {
  return Math.max(0, ...(statuses ?? []).map(({ restartCount }) => restartCount));
}
