/**
 * One look at a Task: what it becomes is made or brought up to date, its status told, its history cleaned.
 */
import { TaskError } from '../../task/errors.ts';
import { type Manifest, manifestFor } from '../../task/manifest.ts';
import type { Task, TaskPool } from '../../task/task.ts';
import type { Key } from '../cluster-view.ts';
import { applySchedule } from './apply-schedule.ts';
import { cleanRuns, cleanTask } from './clean.ts';
import type { Context } from './context.ts';
import { isRefused, type Refusal, refuse } from './refuse.ts';
import { resumeWhenDue } from './resume.ts';
import { onceStatus, scheduleStatus } from './status.ts';
import { submitOnce } from './submit.ts';
import { reportRefused } from './unstarted.ts';

/** The pool that a Task may name without anybody having made it. */
const implicitPool = 'default';

export async function reconcileTask(context: Context, key: Key): Promise<void> {
  const task = context.view.task(key);
  // A deleted Task's Jobs and CronJob are collected by their owner reference; their ends are told run by run.
  if (!task || task.metadata?.deletionTimestamp) return;
  const pool = poolOf(context, task);
  if (isRefused(context.statuses.current(task))) {
    if (reportRefused(context, task)) await cleanTask(context, task, pool);
    return;
  }
  const manifest = acceptedManifest(task, pool);
  if ('refusal' in manifest) {
    await refuse(context, task, manifest.refusal);
    return;
  }
  if (manifest.kind === 'Job') {
    const outcome = await submitOnce(context, task, manifest.manifest);
    if (outcome === 'refused') return;
    await context.statuses.write(task, onceStatus(context, task, outcome.job));
    await cleanTask(context, task, pool);
    return;
  }
  if (await resumeWhenDue(context, task)) return;
  const cronJob = await applySchedule(context, task, manifest.manifest);
  if (cronJob === 'refused') return;
  await context.statuses.write(task, scheduleStatus(context, task, cronJob));
  await cleanRuns(context, task);
}

function poolOf(context: Context, task: Task): TaskPool | undefined {
  const name = task.spec?.taskPool;
  return name ? context.view.pool(task.metadata?.namespace ?? '', name) : undefined;
}

function acceptedManifest(task: Task, pool: TaskPool | undefined): Manifest | { readonly refusal: Refusal } {
  const poolName = task.spec?.taskPool;
  if (poolName && poolName !== implicitPool && !pool) {
    const message = `spec.taskPool: there is no TaskPool ${JSON.stringify(poolName)} in namespace ${task.metadata?.namespace}: create it, or leave the field out`;
    return { refusal: { reason: 'TaskPoolNotFound', message } };
  }
  if (pool?.spec?.limit !== undefined) {
    const message = `spec.taskPool: TaskPool ${JSON.stringify(poolName)} has a limit of ${pool.spec.limit}, and limits are not supported yet: remove spec.limit from the pool`;
    return { refusal: { reason: 'TaskPoolLimitNotSupported', message } };
  }
  try {
    return manifestFor(task, { persist: pool?.spec?.persistTasks ?? true });
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    return { refusal: { reason: 'InvalidTask', message: error.message, isFinal: true } };
  }
}
