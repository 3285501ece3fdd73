/** What a change of a CronJob leads to (semantics 2.4; upstream `updateCronJob`). Pure. */
import { type Schedule, ScheduleError } from '../../../cron/schedule.ts';
import type { CronJob } from '../../../kubernetes/objects.ts';
import { requeueDelayMs, scheduleOf } from './starts.ts';

export type UpdateReaction =
  | { readonly kind: 'sync now' }
  | { readonly kind: 'sync later'; readonly afterMs: number }
  | { readonly kind: 'wait' }
  | { readonly kind: 'unparseable'; readonly reason: string; readonly message: string };

/** A new schedule or time zone never leads to a sync at once: the CronJob wakes at its next slot. */
export function reactionToUpdate(before: CronJob, after: CronJob, nowMs: number): UpdateReaction {
  const same =
    before.spec?.schedule === after.spec?.schedule &&
    (before.spec?.timeZone ?? null) === (after.spec?.timeZone ?? null);
  if (same) return { kind: 'sync now' };
  let schedule: Schedule;
  try {
    schedule = scheduleOf(after);
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    const message = `unparseable schedule for cronjob: ${after.spec?.schedule ?? ''}`;
    return { kind: 'unparseable', reason: 'UnParseableCronJobSchedule', message };
  }
  const afterMs = requeueDelayMs(after, schedule, nowMs);
  return afterMs === undefined ? { kind: 'wait' } : { kind: 'sync later', afterMs };
}
