/** The status of a Task, from what its Job or CronJob shows. */
import type { CronJob, Job } from '../../../kubernetes/objects.ts';
import { generationAnnotation } from '../../task/labels.ts';
import type { Condition, Task, TaskSpec, TaskStatus } from '../../task/task.ts';
import { keyOf } from '../cluster-view.ts';
import { withCondition } from '../run/conditions.ts';
import { runFacts } from '../run/outcome.ts';
import { explainStart, nextStart } from '../run/starts.ts';
import { millisOf, wireTime } from '../run/time.ts';
import type { Context } from './context.ts';
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
  const seen = runFacts(job, context.view.podsOfJob(uid));
  const facts = context.runs.peek(uid)?.facts ?? seen;
  const held = heldFacts(facts, seen);
  const now = context.world.clock.now();
  return {
    ...observed,
    state: held.state,
    statusReason: held.statusReason,
    conditions: accepted(task, before, carriedOutBy(task, job), now),
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
  const last = millisOf(lastScheduleTime);
  const planned = nextStart(spec, last ?? created, now);
  const pending = pendingStart(before, last, spec, now, settings.startGraceMs);
  const nextAt = pending ?? planned;
  if (nextAt !== undefined) taskQueue.addAfter(keyOf(task), nextAt - now + settings.startGraceMs);
  const active = (cronJob.status?.active ?? []).flatMap(({ name }) => name ?? []).sort();
  const base = accepted(task, before, `carried out by cronjob ${cronJob.metadata?.name}`, now);
  return {
    ...(task.metadata?.generation === undefined ? {} : { observedGeneration: task.metadata.generation }),
    state: spec.suspend ? 'PAUSED' : 'Active',
    conditions: withStart(context, before, cronJob, base, now),
    cronJobName: cronJob.metadata?.name ?? '',
    ...(lastScheduleTime === undefined ? {} : { lastScheduleTime }),
    ...(lastSuccessfulTime === undefined ? {} : { lastSuccessfulTime }),
    ...(nextAt === undefined ? {} : { nextTime: wireTime(nextAt) }),
    active,
    activeCount: active.length,
  };
}

/** The announced start while its grace runs and it has not been made: it stays the next one until it has been judged. */
function pendingStart(
  before: TaskStatus,
  last: number | undefined,
  spec: TaskSpec,
  now: number,
  graceMs: number,
): number | undefined {
  const announced = millisOf(before.nextTime);
  if (announced === undefined || spec.suspend) return undefined;
  const made = last !== undefined && last >= announced;
  return !made && announced <= now && now < announced + graceMs ? announced : undefined;
}

/** Looks at the start that was announced as the next one, once it and its grace lie back. */
function withStart(
  context: Context,
  before: TaskStatus,
  cronJob: CronJob,
  conditions: readonly Condition[],
  now: number,
): Condition[] {
  const announced = millisOf(before.nextTime);
  const last = millisOf(cronJob.status?.lastScheduleTime);
  const held = conditions.find(({ type }) => type === startedCondition);
  const isDue = announced !== undefined && announced + context.settings.startGraceMs <= now;
  const hasStartedSince =
    held?.status === 'False' && last !== undefined && last > (millisOf(before.lastScheduleTime) ?? 0);
  if (!isDue && !hasStartedSince) return [...conditions];
  const planned = isDue ? announced : (last ?? now);
  const { started, reason, message } = explainStart(cronJob, planned, now);
  if (started && !held) return [...conditions];
  return withCondition(
    conditions,
    { type: startedCondition, status: started ? 'True' : 'False', reason, message },
    now,
  );
}
