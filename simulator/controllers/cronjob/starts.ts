/**
 * Which start of a CronJob is due, and when to look again: pure functions of (CronJob, now).
 * Source of the rules: Kubernetes' `mostRecentScheduleTime` and `nextScheduleTimeDuration` (semantics 2.4, 2.6).
 */
import { parseSchedule, type Schedule } from '../../../cron/schedule.ts';
import { isZone } from '../../../cron/zone.ts';
import type { CronJob } from '../../../kubernetes/objects.ts';

/** A sync comes so much after the slot, so that the clock has surely passed it. */
const afterSlotMs = 100;
/** More missed starts than this are reported. */
const manyMissed = 100;

export type Missed = 'none' | 'few' | 'many';

export type LatestStart =
  | {
      readonly found: true;
      /** From where starts were counted, epoch ms. */
      readonly earliestAt: number;
      /** The latest start that is due, epoch ms; undefined if none is, or if the estimate jumped past it. */
      readonly latestAt: number | undefined;
      readonly missed: Missed;
    }
  | { readonly found: false; readonly earliestAt: number; readonly reason: string };

/**
 * The schedule as the controller reads it: `timeZone` counts unless the schedule has a TZ of its own or the zone is
 * unknown. Throws ScheduleError.
 */
export function scheduleOf(cronJob: CronJob): Schedule {
  const { schedule, timeZone } = cronJob.spec ?? { schedule: '' };
  const zoned = timeZone !== undefined && !schedule.includes('TZ') && isZone(timeZone);
  return parseSchedule(schedule, zoned ? timeZone : undefined);
}

/**
 * The latest unmet start. The count of missed starts is an estimate from the distance of the first two slots; for an
 * uneven schedule it can jump past the true latest slot, and then none is found although some were missed.
 */
export function latestStart(
  cronJob: CronJob,
  schedule: Schedule,
  nowMs: number,
  options: { readonly withDeadline: boolean },
): LatestStart {
  const earliestAt = earliestOf(cronJob, nowMs, options.withDeadline);
  const first = schedule.nextAfter(earliestAt);
  if (first !== undefined && nowMs < first) return { found: true, earliestAt, latestAt: undefined, missed: 'none' };
  const second = first === undefined ? undefined : schedule.nextAfter(first);
  if (first === undefined || second === undefined) {
    // Go's zero time comes out as a gap below one second.
    return { found: false, earliestAt, reason: 'time difference between two schedules is less than 1 second' };
  }
  if (nowMs < second) return { found: true, earliestAt, latestAt: first, missed: 'none' };
  const gapMs = second - first;
  const count = Math.floor(Math.floor((nowMs - first) / 1000) / (gapMs / 1000)) + 1;
  const latestAt = lastUpTo(schedule, first + (count - 2) * gapMs, nowMs);
  return { found: true, earliestAt, latestAt, missed: count > manyMissed ? 'many' : 'few' };
}

function earliestOf(cronJob: CronJob, nowMs: number, withDeadline: boolean): number {
  const since = cronJob.status?.lastScheduleTime ?? cronJob.metadata?.creationTimestamp;
  const sinceMs = since === undefined ? 0 : Date.parse(since);
  const deadlineSeconds = cronJob.spec?.startingDeadlineSeconds;
  if (!withDeadline || deadlineSeconds === undefined) return sinceMs;
  return Math.max(sinceMs, nowMs - deadlineSeconds * 1000);
}

function lastUpTo(schedule: Schedule, fromMs: number, nowMs: number): number | undefined {
  let last: number | undefined;
  let next = schedule.nextAfter(fromMs);
  while (next !== undefined && next <= nowMs) {
    last = next;
    next = schedule.nextAfter(next);
  }
  return last;
}

/** How long until the CronJob is to be looked at again; undefined if its schedule has no further start. */
export function requeueDelayMs(cronJob: CronJob, schedule: Schedule, nowMs: number): number | undefined {
  const next = schedule.nextAfter(requeueBase(latestStart(cronJob, schedule, nowMs, { withDeadline: false }), nowMs));
  return next === undefined ? undefined : next + afterSlotMs - nowMs;
}

function requeueBase(latest: LatestStart, nowMs: number): number {
  if (!latest.found) return nowMs;
  if (latest.latestAt !== undefined) return latest.latestAt;
  return latest.missed === 'none' ? latest.earliestAt : nowMs;
}
