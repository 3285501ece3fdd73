/**
 * A Task that is not carried out says so, in a condition and an event, and nothing is made for it. A schedule stays
 * refused until it or its surroundings change. A one-time Task has a while for that (its pool may be applied after it,
 * a name become free); then it is FAILED for good, so that whoever waits for its end is told.
 */
import { ApiStatusError } from '../../../kubernetes/client.ts';
import { controllerOf, keyOf } from '../../../kubernetes/meta.ts';
import type { CronJob, Job } from '../../../kubernetes/objects.ts';
import { type Condition, isScheduled, type Task, type TaskStatus } from '../../task/task.ts';
import { withCondition } from '../run/conditions.ts';
import { millisOf, wireTime } from '../run/time.ts';
import type { Context } from './context.ts';

export const acceptedCondition = 'Accepted';

export interface Refusal {
  /** One word: `NameTaken`. */
  readonly reason: string;
  readonly message: string;
  /** The Task itself is at fault: waiting cannot help. */
  readonly isFinal?: boolean;
}

/**
 * Sets `Accepted=False`; a Task that already has a Job or CronJob keeps its state, and a schedule says why it is not
 * followed. The Task is looked at again after a while.
 */
export async function refuse(context: Context, task: Task, refusal: Refusal): Promise<'refused'> {
  const { statuses, world, recorder, settings, taskQueue } = context;
  const { reason, message } = refusal;
  const now = world.clock.now();
  const before = statuses.current(task);
  const observed = task.metadata?.generation === undefined ? {} : { observedGeneration: task.metadata.generation };
  const condition = { type: acceptedCondition, status: 'False', reason, message, ...observed } as const;
  const conditions = withCondition(before.conditions ?? [], condition, now);
  const isNew = !before.conditions?.some((each) => each.type === acceptedCondition && each.message === message);
  if (isNew) recorder.event(task, 'Warning', reason, message);
  const state = hasStarted(before)
    ? reasonOfSchedule(before, refusal)
    : stateOfRefused(context, task, refusal, conditions);
  await statuses.write(task, { ...before, ...observed, ...state, conditions });
  // Names and quotas are freed by deletions that the operator does not watch.
  if (state.state !== 'FAILED') taskQueue.addAfter(keyOf(task), settings.refusedRetryMs);
  return 'refused';
}

/** Somebody else's Job or CronJob has the name that the Task's would have. */
export function refuseName(context: Context, task: Task, holder: Job | CronJob): Promise<'refused'> {
  const kind = 'jobTemplate' in (holder.spec ?? {}) ? 'cronjob' : 'job';
  const owner = controllerOf(holder);
  const ownedBy = owner ? `, which belongs to ${owner.kind} ${owner.name} (${owner.uid})` : '';
  const message = `metadata.name: the name is taken by ${kind} ${holder.metadata?.name}${ownedBy}: delete that or choose another name`;
  return refuse(context, task, { reason: 'NameTaken', message });
}

/**
 * What the API server will not take at all is the Task's fault, or its quota's; anything else is thrown, to be tried
 * again.
 */
export function refuseRejected(context: Context, task: Task, error: unknown): Promise<'refused'> {
  if (!(error instanceof ApiStatusError) || (error.reason !== 'Invalid' && error.reason !== 'Forbidden')) throw error;
  return refuse(context, task, { reason: 'Rejected', message: error.message, isFinal: error.reason === 'Invalid' });
}

/** True for a one-time Task that was refused for good: it never had a Job and never will. */
export function isRefused(status: TaskStatus): boolean {
  return status.state === 'FAILED' && !hasStarted(status);
}

function hasStarted(status: TaskStatus): boolean {
  return status.jobUid !== undefined || status.cronJobName !== undefined;
}

/** Of a run that has begun the reason is how it fares, whatever is written into its Task later. */
function reasonOfSchedule(
  { cronJobName }: TaskStatus,
  { reason, message }: Refusal,
): Pick<TaskStatus, 'state' | 'statusReason'> {
  return cronJobName === undefined ? {} : { statusReason: `${reason}: ${message}` };
}

function stateOfRefused(
  context: Context,
  task: Task,
  { reason, message, isFinal = false }: Refusal,
  conditions: readonly Condition[],
): Pick<TaskStatus, 'state' | 'statusReason' | 'endTime'> {
  const now = context.world.clock.now();
  const statusReason = `${reason}: ${message}`;
  const since = conditions.find(({ type }) => type === acceptedCondition)?.lastTransitionTime;
  const isOver = isFinal || now >= (millisOf(since) ?? now) + context.settings.refusalDeadlineMs;
  if (!isOver || (task.spec && isScheduled(task.spec))) return { state: 'PENDING', statusReason };
  return { state: 'FAILED', statusReason, endTime: wireTime(now) };
}
