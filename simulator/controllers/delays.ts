/** How long controllers wait at most before they look again. */

/**
 * Timers are no longer than 2^31 - 1 ms, some 24 days; a monthly schedule waits longer. Looking once more in between
 * does nothing (semantics 2.4), so that long waits are made of several.
 */
const longestDelayMs = 24 * 24 * 3_600_000;

export function withinTimers(delayMs: number): number {
  return Math.min(delayMs, longestDelayMs);
}
