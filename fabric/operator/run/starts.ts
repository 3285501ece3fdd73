/** When a schedule starts next, and why a planned start has not become a Job. Pure. */
import type { CronJob } from '../../../kubernetes/objects.ts';
import { scheduleOf } from '../../task/schedule.ts';
import type { TaskSpec } from '../../task/task.ts';
import { millisOf, wireTime } from './time.ts';

/**
 * The next planned start after `now` (all epoch ms); undefined while suspended. `@every` counts from the previous run
 * or from the creation of the CronJob, not from midnight (semantics 2.3).
 */
export function nextStart(spec: TaskSpec, base: number, now: number): number | undefined {
  const schedule = spec.suspend ? undefined : scheduleOf(spec);
  if (!schedule) return undefined;
  if (!spec.schedule?.startsWith('@every')) return schedule.nextAfter(now);
  const first = schedule.nextAfter(base);
  if (first === undefined || first > now) return first;
  const intervalMs = (schedule.nextAfter(0) ?? 0) || 1000;
  return first + Math.ceil((now - first + 1) / intervalMs) * intervalMs;
}

const dayMs = 86_400_000;
/**
 * How far back the latest planned start is looked for, step by step; a schedule that is rarer has its own next start.
 */
const windowsMs = [3_600_000, dayMs, 32 * dayMs, 367 * dayMs, 5 * 367 * dayMs];

/** The latest planned start in (base, until], all epoch ms; undefined if there is none. */
export function latestStart(spec: TaskSpec, base: number, until: number): number | undefined {
  const schedule = scheduleOf(spec);
  if (!schedule) return undefined;
  if (spec.schedule?.startsWith('@every')) {
    const next = nextStart({ ...spec, suspend: false }, base, until);
    const intervalMs = schedule.nextAfter(0) ?? 0;
    return next === undefined || next - intervalMs <= base ? undefined : next - intervalMs;
  }
  for (const windowMs of windowsMs) {
    const from = Math.max(base, until - windowMs);
    let latest: number | undefined;
    for (let at = schedule.nextAfter(from); at !== undefined && at <= until; at = schedule.nextAfter(at)) latest = at;
    if (latest !== undefined || from === base) return latest;
  }
  return undefined;
}

type StartReason = 'Started' | 'Suspended' | 'DeadlineMissed' | 'PreviousRunActive' | 'SameMinute' | 'NotStarted';

export interface StartExplanation {
  readonly started: boolean;
  readonly reason: StartReason;
  readonly message: string;
}

/** What became of the start planned at `plannedAt`, by the CronJob as it stands at `now` (semantics 2.5). */
export function explainStart(cronJob: CronJob, plannedAt: number, now: number): StartExplanation {
  const planned = wireTime(plannedAt);
  const last = millisOf(cronJob.status?.lastScheduleTime);
  if (last !== undefined && last >= plannedAt) {
    return { started: true, reason: 'Started', message: `the start of ${wireTime(last)} was made` };
  }
  const missed = (reason: StartReason, message: string): StartExplanation => ({ started: false, reason, message });
  const { suspend, startingDeadlineSeconds, concurrencyPolicy } = cronJob.spec ?? {};
  const active = cronJob.status?.active ?? [];
  const holder = active.map(({ name }) => name).join(', ');
  if (suspend) return missed('Suspended', `the start of ${planned} was not made: the schedule is suspended`);
  if (startingDeadlineSeconds !== undefined && now >= plannedAt + startingDeadlineSeconds * 1000) {
    const why = active.length > 0 && concurrencyPolicy === 'Forbid' ? `, while ${holder} was active` : '';
    return missed(
      'DeadlineMissed',
      `the start of ${planned} is lost: its deadline of ${startingDeadlineSeconds} s has passed${why}`,
    );
  }
  if (concurrencyPolicy === 'Forbid' && active.length > 0) {
    return missed(
      'PreviousRunActive',
      `the start of ${planned} waits for ${holder}; it is made when that ends, unless a later one overtakes it`,
    );
  }
  if (last !== undefined && Math.floor(last / 60_000) === Math.floor(plannedAt / 60_000)) {
    return missed(
      'SameMinute',
      `the start of ${planned} was not made: Kubernetes names runs by the minute, and this one has its run`,
    );
  }
  return missed(
    'NotStarted',
    `the start of ${planned} has not been made yet: see the events of cronjob ${cronJob.metadata?.name}`,
  );
}
