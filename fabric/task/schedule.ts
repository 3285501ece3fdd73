/** What can be wrong with a Task's schedule, by the rules that Kubernetes holds a CronJob to (semantics 2.2, 2.3). */
import { parseSchedule, type Schedule, ScheduleError } from '../../cron/schedule.ts';
import { isZone } from '../../cron/zone.ts';
import type { TaskIssue } from './errors.ts';
import { isScheduled, type TaskSpec } from './task.ts';

/** Fields that would have no effect on a Task that runs once. */
const scheduleOnly = ['timeZone', 'startingDeadlineSeconds', 'suspendUntil', 'suspendReason'] as const;

/** Any leap year will do: a schedule that finds no start in the five years from here never does. */
const searchFrom = Date.UTC(2024, 0, 1);

export function scheduleIssues(spec: TaskSpec): TaskIssue[] {
  if (!isScheduled(spec)) return onceIssues(spec);
  const zoneMessage = spec.timeZone === undefined ? undefined : timeZoneFault(spec.timeZone);
  if (zoneMessage !== undefined) return [{ path: 'spec.timeZone', message: zoneMessage }];
  const message = expressionFault(spec.schedule ?? '', spec.timeZone);
  return message === undefined ? untilIssues(spec) : [{ path: 'spec.schedule', message }];
}

function untilIssues({ suspendUntil }: TaskSpec): TaskIssue[] {
  if (suspendUntil === undefined || !Number.isNaN(Date.parse(suspendUntil))) return [];
  const message = `${JSON.stringify(suspendUntil)} is no instant: write it as 2026-01-31T12:00:00Z`;
  return [{ path: 'spec.suspendUntil', message }];
}

function onceIssues(spec: TaskSpec): TaskIssue[] {
  const issues: TaskIssue[] = scheduleOnly.flatMap((field) =>
    spec[field] === undefined
      ? []
      : [{ path: `spec.${field}`, message: 'means nothing without a schedule: leave it out, or give spec.schedule' }],
  );
  if (spec.suspend === true) {
    issues.push({ path: 'spec.suspend', message: 'only a task with a schedule can be suspended' });
  }
  return issues;
}

function expressionFault(schedule: string, timeZone: string | undefined): string | undefined {
  // The API server looks for these two letters anywhere (semantics 2.2).
  if (schedule.includes('TZ')) {
    return `${JSON.stringify(schedule)} holds "TZ": give the time zone in spec.timeZone`;
  }
  try {
    const next = parseSchedule(schedule, timeZone).nextAfter(searchFrom);
    return next === undefined ? `${JSON.stringify(schedule)} names a time that never comes` : undefined;
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    return `${JSON.stringify(schedule)} is no cron expression: ${error.message}`;
  }
}

function timeZoneFault(timeZone: string): string | undefined {
  const parts = timeZone.split('/');
  const wellFormed = parts.every(
    (part) => /^[A-Za-z0-9._+-]{1,14}$/.test(part) && !part.startsWith('-') && !/^\.{1,2}$/.test(part),
  );
  if (wellFormed && timeZone.toLowerCase() !== 'local' && isZone(timeZone)) return undefined;
  return `${JSON.stringify(timeZone)} is no time zone: write an IANA name exactly, such as Europe/Berlin`;
}

/** The schedule of a Task whose faults have been looked for; undefined for a Task that runs once or cannot be read. */
export function scheduleOf(spec: TaskSpec): Schedule | undefined {
  if (!isScheduled(spec)) return undefined;
  try {
    return parseSchedule(spec.schedule ?? '', spec.timeZone);
  } catch (error) {
    if (error instanceof ScheduleError) return undefined;
    throw error;
  }
}
