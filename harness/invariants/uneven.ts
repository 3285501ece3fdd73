/**
 * The odd part of Kubernetes' search for the latest missed start (semantics 2.6): it estimates the count of missed
 * slots from the distance of the first two, and on an uneven schedule that can jump past all of them, so that nothing
 * is started.
 */
import type { Slot } from './slots.ts';

/** True if, at `now`, a search that counts from any slot up to `at` may jump past the slot `at`. */
export function jumpsPast(at: number, now: number, slots: readonly Slot[]): boolean {
  const past = slots.filter((slot) => slot.at <= now).map((slot) => slot.at);
  return past.some((first, index) => {
    const second = past[index + 1];
    if (second === undefined || first > at) return false;
    const gapMs = second - first;
    const estimate = first + (Math.floor((now - first) / gapMs) - 1) * gapMs;
    return estimate >= at;
  });
}
