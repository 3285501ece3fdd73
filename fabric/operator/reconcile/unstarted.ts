/**
 * One-time Tasks that end without ever having had a Job: refused for good, or deleted before. The gateway knows of
 * them, so it is told their end; their record goes under the Task's uid.
 */

import { keyOf } from '../../../kubernetes/meta.ts';
import { isScheduled, type Task } from '../../task/task.ts';
import { controllerUidOf } from '../cluster-view.ts';
import { recordOfUnstarted } from '../run/record.ts';
import { millisOf } from '../run/time.ts';
import type { Context } from './context.ts';
import { isRefused } from './refuse.ts';

/**
 * Offers the record of a refused Task until it has arrived; true when it has or never will, or when nobody is to be
 * told.
 */
export function reportRefused(context: Context, task: Task): boolean {
  const { reports, statuses, world } = context;
  const { uid = '' } = task.metadata ?? {};
  if (!reports || !isReported(context, task)) return true;
  if (reports.delivered(uid) !== undefined || reports.refused(uid) !== undefined) return true;
  if (reports.waiting(uid) !== undefined) return false;
  const { statusReason = '', endTime } = statuses.current(task);
  const facts = { state: 'FAILED', statusReason, endTime: millisOf(endTime) } as const;
  reports.offer(recordOfUnstarted(task, facts, world.clock.now()));
  return false;
}

/** Called when a Task is gone: one that had no Job yet was cancelled. */
export function reportDeleted(context: Context, task: Task): void {
  const { reports, statuses, view, runs, world } = context;
  const status = statuses.current(task);
  const key = keyOf(task);
  if (!reports || status.jobUid !== undefined || isRefused(status) || !isReported(context, task)) return;
  const job = view.job(key);
  if (runs.isExpected(key) || (job && controllerUidOf(job) === task.metadata?.uid)) return;
  const now = world.clock.now();
  reports.offer(recordOfUnstarted(task, { state: 'CANCELLED', statusReason: 'Deleted', endTime: now }, now));
}

/** A record needs a project; a pool may keep its records in the cluster. */
function isReported(context: Context, task: Task): boolean {
  const { spec } = task;
  if (!spec?.projectId || isScheduled(spec)) return false;
  const pool = context.view.pool(task.metadata?.namespace ?? '', spec.taskPool ?? '');
  return pool?.spec?.persistTasks ?? true;
}
