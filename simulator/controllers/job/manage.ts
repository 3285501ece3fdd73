/** What to do about the number of running pods: remove some, make some, wait, or nothing. Source: semantics 3.5. */
import type { Pod } from '../../../kubernetes/objects.ts';
import { remainingBackoffMs, remainingIndexBackoffMs } from './backoff.ts';
import { completionsOf, hasLimitPerIndex, isIndexed, isSuspended, isTerminating, replacesOnlyFailed } from './facts.ts';
import { firstFreeIndexes, mergeIndexes, withIndexes } from './indexes.ts';
import { type IndexObservation, indexesOf, type Observation } from './observation.ts';
import { podOf } from './pod-template.ts';
import { podsForRemoval } from './removal.ts';

const maximumPodsPerSync = 500;

/** A sync either removes or creates, never both. */
export type PodPlan =
  | { readonly kind: 'remove'; readonly pods: readonly Pod[] }
  | { readonly kind: 'create'; readonly pods: readonly Pod[] }
  | { readonly kind: 'wait'; readonly delayMs: number }
  | { readonly kind: 'nothing' };

export function planPods(seen: Observation): PodPlan {
  const { job, active } = seen;
  if (isSuspended(job)) return { kind: 'remove', pods: podsForRemoval(job, active, active.length) };
  const wanted = wantedActive(seen);
  const surplus = podsForRemoval(job, active, Math.max(0, active.length - wanted));
  if (surplus.length > 0) return { kind: 'remove', pods: surplus.slice(0, maximumPodsPerSync) };
  const missing = wanted - active.length - (replacesOnlyFailed(job) ? seen.terminating : 0);
  return missing > 0 ? planCreation(seen, missing) : { kind: 'nothing' };
}

function wantedActive({ job, succeeded, active }: Observation): number {
  const parallelism = job.spec?.parallelism ?? 1;
  const completions = job.spec?.completions;
  // A work queue gets no new pod once one has succeeded; what runs is left running.
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(0, Math.min(parallelism, completions - succeeded));
}

function planCreation(seen: Observation, missing: number): PodPlan {
  const { job, indexes, now } = seen;
  const delayMs = hasLimitPerIndex(job) ? 0 : remainingBackoffMs(seen.backoffAfter, now);
  if (delayMs > 0) return { kind: 'wait', delayMs };
  const count = Math.min(missing, maximumPodsPerSync);
  if (!isIndexed(job) || indexes === undefined) {
    return { kind: 'create', pods: Array.from({ length: count }, () => podOf(job)) };
  }
  return planIndexes(seen, indexes, count);
}

function planIndexes(seen: Observation, indexes: IndexObservation, count: number): PodPlan {
  const { job, now } = seen;
  const waits = pendingIndexes(seen, indexes, count).map((index) => ({
    index,
    delayMs: remainingIndexBackoffMs(indexes.awaitingReplacement.get(index), now),
  }));
  const due = waits.filter((wait) => wait.delayMs === 0);
  if (due.length === 0 && waits.length > 0) {
    return { kind: 'wait', delayMs: Math.min(...waits.map((wait) => wait.delayMs)) };
  }
  return { kind: 'create', pods: due.map(({ index }) => podOf(job, index, indexes.awaitingReplacement.get(index))) };
}

function pendingIndexes(seen: Observation, indexes: IndexObservation, count: number): number[] {
  const busy = replacesOnlyFailed(seen.job) ? [...seen.active, ...seen.pods.filter(isTerminating)] : seen.active;
  const busyIndexes = indexesOf(busy).sort((a, b) => a - b);
  const taken = mergeIndexes(withIndexes(indexes.succeeded, busyIndexes), indexes.failed ?? []);
  return firstFreeIndexes(taken, count, completionsOf(seen.job));
}
