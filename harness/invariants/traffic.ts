/** How requests lie in time: how many are open at once, and how far apart the tries of one of them are. */
import type { Exchange } from '../recording/exchanges.ts';
import { fails, holds, unknown, type Verdict } from './verdict.ts';

/** The most that were open in one instant; one that ends as another begins does not count beside it. */
export function mostOpen(exchanges: readonly Exchange[]): number {
  const changes = exchanges.flatMap(({ at, endedAt = Number.POSITIVE_INFINITY }) => [
    { at, by: 1 },
    { at: endedAt, by: -1 },
  ]);
  changes.sort((left, right) => left.at - right.at || left.by - right.by);
  let open = 0;
  let most = 0;
  for (const { by } of changes) {
    open += by;
    most = Math.max(most, open);
  }
  return most;
}

/** Safety: never more than `limit`; a run in which the limit is not reached has shown nothing. */
export function neverMoreOpen(exchanges: readonly Exchange[], limit: number): Verdict {
  const most = mostOpen(exchanges);
  if (most > limit) return fails(`${most} at once, at most ${limit} are allowed`);
  return most === limit ? holds(`up to ${most} of ${exchanges.length}`) : unknown(`no more than ${most} came together`);
}

/**
 * Tries of one thing that is refused come further and further apart: in the end no pause is shorter than `finalMs` or
 * less than twice the first one, and none is ever longer than `limitMs`.
 */
export function backsOff(
  exchanges: readonly Exchange[],
  { finalMs, limitMs }: { readonly finalMs: number; readonly limitMs: number },
): Verdict {
  const pauses = exchanges
    .slice(1)
    .map(({ at }, index) => at - (exchanges[index]?.endedAt ?? exchanges[index]?.at ?? at));
  if (pauses.length < 5) return unknown(`only ${exchanges.length} tries`);
  const words = `pauses of ${pauses.map((pause) => (pause / 1000).toFixed(1)).join(', ')} s`;
  const isBounded = pauses.every((pause) => pause > 0 && pause <= limitMs);
  const last = pauses.slice(-3);
  const hasGrown = last.every((pause) => pause >= finalMs && pause > 2 * (pauses[0] ?? 0));
  return isBounded && hasGrown ? holds(words) : fails(words);
}
