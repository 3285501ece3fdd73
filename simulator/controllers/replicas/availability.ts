/** Since when a pod counts as available: ready for `minReadySeconds`. Pure. Source: Kubernetes' `IsPodAvailable`. */
import type { Pod } from '../../../kubernetes/objects.ts';
import { isReady, readyCondition, timeOf } from '../job/facts.ts';

/** `now` in epoch ms. */
export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  if (!isReady(pod)) return false;
  return minReadySeconds === 0 || untilAvailableMs(pod, minReadySeconds, now) === 0;
}

/** Milliseconds until the next of the ready pods becomes available; undefined if none is waited for. */
export function nextAvailabilityMs(pods: readonly Pod[], minReadySeconds: number, now: number): number | undefined {
  const waits = pods.filter(isReady).map((pod) => untilAvailableMs(pod, minReadySeconds, now));
  const pending = waits.filter((wait) => wait > 0 && Number.isFinite(wait));
  return pending.length === 0 ? undefined : Math.min(...pending);
}

function untilAvailableMs(pod: Pod, minReadySeconds: number, now: number): number {
  const since = timeOf(readyCondition(pod)?.lastTransitionTime);
  if (since === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(0, since + minReadySeconds * 1000 - now);
}
