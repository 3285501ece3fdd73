/** Which finished runs of a schedule, and which finished one-time Tasks, have had their time. Pure. */

import { conditionOf, isFinished } from '../../../kubernetes/conditions.ts';
import type { Job } from '../../../kubernetes/objects.ts';
import type { Task } from '../../task/task.ts';
import { runFacts } from './outcome.ts';
import { millisOf } from './time.ts';

interface HistoryLimits {
  readonly successful: number;
  readonly failed: number;
}

interface Expiry<T> {
  readonly due: readonly T[];
  /** When the next one is due, epoch ms, if that is known now. */
  readonly nextAt?: number;
}

/**
 * Runs beyond the limits, oldest first, as the CronJob controller orders them (semantics 2.5: by start, none last, then
 * name), and runs past their time to live.
 * @param runs runs of one schedule whose record and log are safe
 */
export function expiredRuns(
  runs: readonly Job[],
  limits: HistoryLimits,
  ttlMs: number | undefined,
  now: number,
): Expiry<Job> {
  const finished = runs.filter(isFinished).sort(byStart);
  const complete = finished.filter((job) => conditionOf(job, 'Complete'));
  const failed = finished.filter((job) => !conditionOf(job, 'Complete'));
  const surplus = new Set([...surplusOf(complete, limits.successful), ...surplusOf(failed, limits.failed)]);
  const aged = byAge(finished, (job) => runFacts(job, []).endTime, ttlMs, now);
  const due = finished.filter((job) => surplus.has(job) || aged.due.includes(job));
  return { due, ...(aged.nextAt === undefined ? {} : { nextAt: aged.nextAt }) };
}

function byStart(one: Job, other: Job): number {
  const start = millisOf(one.status?.startTime) ?? Number.POSITIVE_INFINITY;
  const otherStart = millisOf(other.status?.startTime) ?? Number.POSITIVE_INFINITY;
  if (start !== otherStart) return start < otherStart ? -1 : 1;
  return (one.metadata?.name ?? '') < (other.metadata?.name ?? '') ? -1 : 1;
}

function surplusOf<T>(oldestFirst: readonly T[], limit: number): readonly T[] {
  return oldestFirst.slice(0, Math.max(0, oldestFirst.length - limit));
}

/** Things whose end lies at least `ttlMs` back. */
export function byAge<T>(
  items: readonly T[],
  endOf: (item: T) => number | undefined,
  ttlMs: number | undefined,
  now: number,
): Expiry<T> {
  if (ttlMs === undefined) return { due: [] };
  const due: T[] = [];
  let nextAt: number | undefined;
  for (const item of items) {
    const at = (endOf(item) ?? now) + ttlMs;
    if (at <= now) due.push(item);
    else nextAt = Math.min(nextAt ?? at, at);
  }
  return { due, ...(nextAt === undefined ? {} : { nextAt }) };
}

/** Finished one-time Tasks of one pool beyond the pool's limits, oldest end first. */
export function surplusTasks(tasks: readonly Task[], limits: HistoryLimits): Task[] {
  const ended = [...tasks].sort((one, other) => {
    const [a, b] = [millisOf(one.status?.endTime) ?? 0, millisOf(other.status?.endTime) ?? 0];
    if (a !== b) return a - b;
    return (one.metadata?.name ?? '') < (other.metadata?.name ?? '') ? -1 : 1;
  });
  const complete = ended.filter((task) => task.status?.state === 'COMPLETE');
  const others = ended.filter((task) => task.status?.state === 'FAILED' || task.status?.state === 'CANCELLED');
  return [...surplusOf(complete, limits.successful), ...surplusOf(others, limits.failed)];
}
