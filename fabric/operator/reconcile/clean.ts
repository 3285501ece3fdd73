/**
 * What has had its time is removed: finished runs beyond a schedule's limits, finished one-time Tasks past their time
 * to live or beyond their pool's limits. Only runs that were let go, their record and log safe, are ever touched.
 */
import { hasReason } from '../../../kubernetes/client.ts';
import { keyOf } from '../../../kubernetes/meta.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { jobs, type ResourceType } from '../../../kubernetes/resources.ts';
import { isTaskState, isTerminal } from '../../task/state.ts';
import { type Task, type TaskPool, type TaskSpec, tasks } from '../../task/task.ts';
import { byAge, expiredRuns, surplusTasks } from '../run/history.ts';
import { isReleased } from '../run/outcome.ts';
import { millisOf } from '../run/time.ts';
import type { Context } from './context.ts';

/** Kubernetes' own defaults for a CronJob. */
const runLimits = { successful: 3, failed: 1 };
const poolLimits = { successful: 10, failed: 10 };

/** Removes finished runs of a schedule beyond the Task's limits or past its time to live. */
export async function cleanRuns(context: Context, task: Task): Promise<void> {
  const spec = task.spec as TaskSpec;
  const now = context.world.clock.now();
  const runs = context.view.jobsOfTask(keyOf(task)).filter(isReleased);
  const limits = {
    successful: spec.successfulJobsHistoryLimit ?? runLimits.successful,
    failed: spec.failedJobsHistoryLimit ?? runLimits.failed,
  };
  const { due, nextAt } = expiredRuns(runs, limits, secondsToMs(spec.ttlSecondsAfterFinished), now);
  await Promise.all(due.filter((job) => !job.metadata?.deletionTimestamp).map((job) => remove(context, jobs, job)));
  if (nextAt !== undefined) context.taskQueue.addAfter(keyOf(task), nextAt - now);
}

/**
 * Removes a finished one-time Task, its Job and pods with it. With a gateway it has a time to live; when its pool says
 * `persistTasks: false`, or without a gateway, the pool's history limits hold.
 */
export async function cleanTask(context: Context, task: Task, pool: TaskPool | undefined): Promise<void> {
  if (!isDone(context, task)) return;
  const now = context.world.clock.now();
  const persisted = context.reports !== undefined && (pool?.spec?.persistTasks ?? true);
  const said = secondsToMs(task.spec?.ttlSecondsAfterFinished ?? pool?.spec?.ttlSecondsAfterFinished);
  const ttlMs = said ?? (persisted ? context.settings.finishedTaskTtlMs : undefined);
  const { due, nextAt } = byAge([task], (each) => millisOf(each.status?.endTime), ttlMs, now);
  if (nextAt !== undefined) context.taskQueue.addAfter(keyOf(task), nextAt - now);
  const surplus = persisted ? [] : surplusOf(context, task, pool);
  await Promise.all([...new Set([...due, ...surplus])].map((each) => remove(context, tasks, each)));
}

function surplusOf(context: Context, task: Task, pool: TaskPool | undefined): Task[] {
  const limits = {
    successful: pool?.spec?.successfulTasksHistoryLimit ?? poolLimits.successful,
    failed: pool?.spec?.failedTasksHistoryLimit ?? poolLimits.failed,
  };
  const fellows = context.view.tasksOfPool(task.metadata?.namespace ?? '', task.spec?.taskPool ?? '');
  return surplusTasks(
    fellows.filter((each) => isDone(context, each)),
    limits,
  );
}

/** Its status, as the cluster shows it, is an end, and its Job has been let go (or is gone already). */
function isDone(context: Context, task: Task): boolean {
  const { state, jobName } = task.status ?? {};
  if (!isTaskState(state) || !isTerminal(state) || task.metadata?.deletionTimestamp) return false;
  const job = jobName === undefined ? undefined : context.view.job(`${task.metadata?.namespace}/${jobName}`);
  return job === undefined || isReleased(job);
}

/** In the background and only this very object: one of the same name may have taken its place. */
async function remove(context: Context, type: ResourceType, object: KubernetesObject): Promise<void> {
  const { namespace, name = '', uid = '' } = object.metadata ?? {};
  if (context.removed.has(uid)) return;
  context.removed.add(uid);
  try {
    await context.client.delete(type, namespace, name, {
      propagationPolicy: 'Background',
      preconditions: { uid },
    });
    context.world.log.info('removed', { kind: type.kind, namespace, name });
  } catch (error) {
    if (hasReason(error, 'NotFound')) return;
    // A conflict too: it may be another object's name by now, and as well this one's, changed a moment ago.
    context.removed.delete(uid);
    throw error;
  }
}

function secondsToMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}
