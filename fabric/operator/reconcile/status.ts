/** The status of a Task, from what its Job or CronJob shows. */

import { keyOf } from '../../../kubernetes/meta.ts';
import type { CronJob, Job } from '../../../kubernetes/objects.ts';
import { generationAnnotation } from '../../task/labels.ts';
import { isTaskState, isTerminal } from '../../task/state.ts';
import type { Condition, Task, TaskSpec, TaskStatus } from '../../task/task.ts';
import { withCondition } from '../run/conditions.ts';
import { runFacts } from '../run/outcome.ts';
import { explainStart, latestStart, nextStart, type StartExplanation } from '../run/starts.ts';
import { millisOf, wireTime } from '../run/time.ts';
import type { Context } from './context.ts';
import { podsOf } from './observe.ts';
import { acceptedCondition } from './refuse.ts';
import { heldFacts } from './run-book.ts';

/** The latest planned start of a schedule: was it made, and if not, why. */
const startedCondition = 'Started';

function accepted(task: Task, before: TaskStatus, message: string, now: number): Condition[] {
  return withCondition(
    before.conditions ?? [],
    {
      type: acceptedCondition,
      status: 'True',
      reason: 'Accepted',
      message,
      ...(task.metadata?.generation === undefined ? {} : { observedGeneration: task.metadata.generation }),
    },
    now,
  );
}

/** @param job undefined when the Task's Job has been removed: then the status stays as it was. */
export function onceStatus(context: Context, task: Task, job: Job | undefined): TaskStatus {
  const before = context.statuses.current(task);
  const observed = task.metadata?.generation === undefined ? {} : { observedGeneration: task.metadata.generation };
  if (!job) return before;
  const { name = '', uid = '' } = job.metadata ?? {};
  const now = context.world.clock.now();
  const conditions = accepted(task, before, carriedOutBy(task, job), now);
  // Of an end everything has been told: later the Job's pods, and with them the exit code, may be gone.
  if (before.jobUid === uid && isTaskState(before.state) && isTerminal(before.state)) {
    return { ...before, ...observed, conditions };
  }
  const seen = runFacts(job, podsOf(context, job));
  const facts = context.runs.peek(uid)?.facts ?? seen;
  const held = heldFacts(facts, seen);
  return {
    ...observed,
    state: held.state,
    statusReason: held.statusReason,
    conditions,
    jobName: name,
    jobUid: uid,
    ...(held.startTime === undefined ? {} : { startTime: wireTime(held.startTime) }),
    ...(held.endTime === undefined ? {} : { endTime: wireTime(held.endTime) }),
    ...(held.exitCode === undefined ? {} : { exitCode: held.exitCode }),
  };
}

/** A Job's template cannot be changed: what was written into the Task later is without effect, and said to be. */
function carriedOutBy(task: Task, job: Job): string {
  const made = Number(job.metadata?.annotations?.[generationAnnotation]);
  const name = job.metadata?.name;
  if (Number.isNaN(made) || made === task.metadata?.generation) return `carried out by job ${name}`;
  return `carried out by job ${name} as of generation ${made}; later changes have no effect`;
}

export function scheduleStatus(context: Context, task: Task, cronJob: CronJob): TaskStatus {
  const { settings, world, statuses, taskQueue } = context;
  const now = world.clock.now();
  const before = statuses.current(task);
  const spec = task.spec as TaskSpec;
  const { lastScheduleTime, lastSuccessfulTime } = cronJob.status ?? {};
  const created = millisOf(cronJob.metadata?.creationTimestamp) ?? now;
  const nextAt = nextStart(spec, millisOf(lastScheduleTime) ?? created, now);
  if (nextAt !== undefined) taskQueue.addAfter(keyOf(task), nextAt - now + settings.startGraceMs);
  const active = (cronJob.status?.active ?? []).flatMap(({ name }) => name ?? []).sort();
  const base = accepted(task, before, `carried out by cronjob ${cronJob.metadata?.name}`, now);
  return {
    ...(task.metadata?.generation === undefined ? {} : { observedGeneration: task.metadata.generation }),
    state: spec.suspend ? 'PAUSED' : 'Active',
    conditions: withStart(context, task, cronJob, base, now),
    cronJobName: cronJob.metadata?.name ?? '',
    ...(lastScheduleTime === undefined ? {} : { lastScheduleTime }),
    ...(lastSuccessfulTime === undefined ? {} : { lastSuccessfulTime }),
    ...(nextAt === undefined ? {} : { nextTime: wireTime(nextAt) }),
    active,
    activeCount: active.length,
  };
}

/** Looks whether the latest planned start was made. While the schedule is suspended nobody expects one. */
function withStart(
  context: Context,
  task: Task,
  cronJob: CronJob,
  conditions: readonly Condition[],
  now: number,
): Condition[] {
  const held = conditions.find(({ type }) => type === startedCondition);
  const outcome = latestOutcome(context, task, cronJob, now);
  if (!outcome || (outcome.started && held?.status !== 'False')) return [...conditions];
  const { started, reason, message } = outcome;
  // What was lost stays to be read when later starts are made again.
  const told = started && held ? `${message}${lostBefore(held, cronJob)}` : message;
  const status = started ? 'True' : 'False';
  return withCondition(conditions, { type: startedCondition, status, reason, message: told }, now);
}

/** The start that was not made, unless it is the one that now was made late. */
function lostBefore(held: Condition, cronJob: CronJob): string {
  const made = millisOf(cronJob.status?.lastScheduleTime);
  const wasLate = made !== undefined && held.message.includes(wireTime(made));
  return wasLate ? ', late' : `; before that, ${held.message}`;
}

function latestOutcome(context: Context, task: Task, cronJob: CronJob, now: number): StartExplanation | undefined {
  const { settings, lateStarts, taskQueue } = context;
  const spec = task.spec as TaskSpec;
  const uid = task.metadata?.uid ?? '';
  if (spec.suspend) return undefined;
  const last = millisOf(cronJob.status?.lastScheduleTime);
  const base = last ?? millisOf(cronJob.metadata?.creationTimestamp) ?? now;
  const plannedAt = latestStart(spec, base, now - settings.startGraceMs);
  if (plannedAt === undefined) {
    lateStarts.delete(uid);
    return last === undefined ? undefined : explainStart(cronJob, last, now);
  }
  const outcome = explainStart(cronJob, plannedAt, now);
  if (outcome.reason !== 'NotStarted') return outcome;
  // Just resumed, or the controller is slow: it gets its time before this is called a missed start.
  const late = lateStarts.get(uid);
  if (late?.plannedAt !== plannedAt) lateStarts.set(uid, { plannedAt, noticedAt: now });
  const noticedAt = late?.plannedAt === plannedAt ? late.noticedAt : now;
  if (now >= noticedAt + settings.startGraceMs) return outcome;
  taskQueue.addAfter(keyOf(task), noticedAt + settings.startGraceMs - now);
  return undefined;
}
