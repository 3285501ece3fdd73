/**
 * What became of each planned start of a schedule, and by which rule. The rules are those of the CronJob controller
 * (semantics 2.5 and 2.6) as seen from outside: a start that nothing explains is a fault of somebody.
 */
import { parseSchedule } from '../../cron/schedule.ts';
import {
  endOf,
  type JobHistory,
  jobsOf,
  type Recording,
  type TaskHistory,
  type TaskPlan,
} from '../recording/recording.ts';
import type { PlannedStart } from '../reports/model.ts';

/** A start within this counts as on time: the controller wakes 100 ms after the slot, and its caches lag. */
const ON_TIME_MS = 3000;
/** A slot so near the end of the recording may still be on its way. */
const STILL_OPEN_MS = 3000;
/** A bound on what is listed for one Task; a day of minutes has 1,440. */
const STARTS_MAX = 100_000;

/** All planned starts of all schedules, by Task and time. */
export function plannedStarts(recording: Recording): PlannedStart[] {
  return recording.tasks.flatMap((task) => plannedStartsOf(recording, task));
}

export function plannedStartsOf(recording: Recording, task: TaskHistory): PlannedStart[] {
  const end = Math.min(task.deletedAt ?? Number.POSITIVE_INFINITY, recording.endedAt - STILL_OPEN_MS);
  const jobs = jobsOf(recording, task.name);
  return slotsOf(task, end).map(({ at, plan }) => ({ task: task.name, at, ...explain(at, plan, task, jobs) }));
}

interface Slot {
  readonly at: number;
  readonly plan: TaskPlan;
}

function slotsOf(task: TaskHistory, end: number): Slot[] {
  const slots: Slot[] = [];
  task.plans.forEach((plan, index) => {
    if (!plan.schedule) return;
    const schedule = parseSchedule(plan.schedule, plan.timeZone);
    const until = Math.min(task.plans[index + 1]?.from ?? end, end);
    // Creation times have whole seconds, and the controller counts from them.
    let next = schedule.next(new Date(Math.floor(plan.from / 1000) * 1000));
    while (next && next.getTime() <= until && slots.length < STARTS_MAX) {
      slots.push({ at: next.getTime(), plan });
      next = schedule.next(next);
    }
  });
  return slots;
}

type Outcome = Omit<PlannedStart, 'task' | 'at'>;

function explain(at: number, plan: TaskPlan, task: TaskHistory, jobs: readonly JobHistory[]): Outcome {
  const job = jobs.find((candidate) => candidate.scheduledFor === at);
  if (job) return explainStarted(at, job, plan, jobs);
  if (plan.suspend) return skipped('suspended');
  const minute = Math.floor(at / 60_000);
  const twin = jobs.find(
    (other) => other.scheduledFor !== undefined && Math.floor(other.scheduledFor / 60_000) === minute,
  );
  if (twin) return skipped(`a CronJob names its Jobs by the minute, and ${twin.name} has this one`);
  const running = jobs.find((other) => other.createdAt < at + ON_TIME_MS && activeUntil(other) > at);
  const policy = plan.concurrencyPolicy;
  if (running && policy === 'Forbid')
    return skipped(`Forbid: ${running.name} was still running, a later start overtook this one`);
  if (running && policy === 'Replace') return skipped(`Replace: overtaken by a later start`);
  if (plan.startingDeadlineSeconds !== undefined)
    return skipped(`startingDeadlineSeconds ${plan.startingDeadlineSeconds} passed`);
  const later = jobs.find((other) => other.scheduledFor !== undefined && other.scheduledFor > at);
  if (later && later.createdAt > at + ON_TIME_MS)
    return skipped(`only the latest missed start is made up for: ${later.name}`);
  const suspendedLater = task.plans.some((other) => other.suspend && other.from <= at + ON_TIME_MS && other.from >= at);
  if (suspendedLater) return skipped('suspended');
  return { outcome: 'unexplained', rule: 'no Job, and no rule that says why' };
}

function explainStarted(at: number, job: JobHistory, plan: TaskPlan, jobs: readonly JobHistory[]): Outcome {
  const delayMs = Math.max(0, job.createdAt - at);
  const replacedBy = replacement(job, jobs);
  if (plan.concurrencyPolicy === 'Replace' && replacedBy) {
    return { outcome: 'replaced', rule: `Replace: ${replacedBy.name} took its place`, job: job.name, delayMs };
  }
  if (delayMs <= ON_TIME_MS) return { outcome: 'started', rule: 'on time', job: job.name, delayMs };
  const before = jobs.find((other) => other !== job && Math.abs(activeUntil(other) - job.createdAt) <= ON_TIME_MS);
  const rule =
    plan.concurrencyPolicy === 'Forbid' && before
      ? `Forbid: waited for the end of ${before.name}`
      : 'the latest missed start is made up for as soon as it may';
  return { outcome: 'delayed', rule, job: job.name, delayMs };
}

/** The Job that began when this one, unfinished, was deleted. */
function replacement(job: JobHistory, jobs: readonly JobHistory[]): JobHistory | undefined {
  const deletedAt = job.deletionRequestedAt ?? job.deletedAt;
  if (deletedAt === undefined || (endOf(job)?.at ?? Number.POSITIVE_INFINITY) < deletedAt) return undefined;
  return jobs.find(
    (other) => other !== job && Math.abs(other.createdAt - deletedAt) <= ON_TIME_MS && other.createdAt > job.createdAt,
  );
}

function skipped(rule: string): Outcome {
  return { outcome: 'skipped', rule };
}

/** Until when a Job counts as active for the CronJob controller. */
export function activeUntil(job: JobHistory): number {
  return Math.min(
    endOf(job)?.at ?? Number.POSITIVE_INFINITY,
    job.deletionRequestedAt ?? job.deletedAt ?? Number.POSITIVE_INFINITY,
  );
}
