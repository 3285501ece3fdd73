/** The instants at which a schedule planned a run, as the history of its Task's spec has them. */
import { parseSchedule, type Schedule, ScheduleError } from '../../cron/schedule.ts';
import type { JobHistory, TaskHistory, TaskPlan } from '../recording/recording.ts';

/** A bound on what is listed for one Task; a day of minutes has 1,440. */
const SLOTS_MAX = 100_000;
/** The operator makes the CronJob so much after the Task at most, s; `@every` counts from the CronJob. */
const CREATION_LAG_SECONDS = 3;

export interface Slot {
  /** Epoch ms, whole seconds. */
  readonly at: number;
  /** The plan in force at that instant. */
  readonly plan: TaskPlan;
}

/** All slots of a Task up to and with `end`, in order, suspended ones too; a schedule that cannot be read has none. */
export function slotsOf(task: TaskHistory, jobs: readonly JobHistory[], end: number): Slot[] {
  const slots: Slot[] = [];
  let since = 0;
  task.plans.forEach((plan, index) => {
    if (!plan.schedule) return;
    const until = Math.min(task.plans[index + 1]?.from ?? end, end);
    const schedule = readable(plan.schedule, plan.timeZone);
    if (!schedule) return;
    // Creation times have whole seconds, and the controller counts from them.
    if (!isSameSchedule(task.plans[index - 1], plan)) since = countedFrom(plan, schedule, jobs);
    for (let next = schedule.nextAfter(since); next !== undefined && next <= until; next = schedule.nextAfter(since)) {
      if (slots.length >= SLOTS_MAX) return;
      slots.push({ at: next, plan });
      since = next;
    }
  });
  return slots;
}

/** A slot of a changed plan goes on from the one before, which matters to `@every`. */
function isSameSchedule(before: TaskPlan | undefined, plan: TaskPlan): boolean {
  return before !== undefined && before.schedule === plan.schedule && before.timeZone === plan.timeZone;
}

/**
 * `@every` counts from the second in which the CronJob was made, which a client that watches Tasks does not see: the
 * first run tells.
 */
function countedFrom(plan: TaskPlan, schedule: Schedule, jobs: readonly JobHistory[]): number {
  const from = Math.floor(plan.from / 1000) * 1000;
  if (!plan.schedule?.startsWith('@every')) return from;
  const first = jobs.find((job) => job.scheduledFor !== undefined && job.scheduledFor > from)?.scheduledFor;
  if (first === undefined) return from;
  for (let seconds = 0; seconds <= CREATION_LAG_SECONDS; seconds++) {
    if (isOnGrid(schedule, from + seconds * 1000, first)) return from + seconds * 1000;
  }
  return from;
}

function isOnGrid(schedule: Schedule, from: number, at: number): boolean {
  let next = schedule.nextAfter(from);
  for (let count = 0; next !== undefined && next < at && count < SLOTS_MAX; count++) next = schedule.nextAfter(next);
  return next === at;
}

function readable(expression: string, timeZone: string | undefined): Schedule | undefined {
  try {
    return parseSchedule(expression, timeZone);
  } catch (error) {
    if (error instanceof ScheduleError) return undefined;
    throw error;
  }
}
