/** What a name stands for: a schedule, a Task of the cluster, or a record. */
import type { Task } from '../../task/index.ts';
import { isScheduled } from '../../task/index.ts';
import { problems } from '../errors.ts';
import type { Gateway } from '../settings.ts';
import { clusterRun, isUnrecordedTask } from './cluster-records.ts';
import { findTask, onceRecord } from './cluster-tasks.ts';
import type { StoredRecord } from './record.ts';

export interface FoundTask {
  /** In the cluster, if it is there still. */
  readonly task?: Task;
  /** Of a one-time Task or a run; a schedule has none. */
  readonly record?: StoredRecord;
}

/** The task of that name; a 404 when there is none. */
export async function find(gateway: Gateway, project: string, name: string): Promise<FoundTask> {
  const record = gateway.persistTasks ? await gateway.records.newest(project, name) : undefined;
  if (record?.jobType === 'cron') return { record };
  const task = await taskOf(gateway, project, name, record !== undefined);
  if (task) return { task, record: isSchedule(task) ? undefined : ofTask(gateway, task, record) };
  if (record) return { record };
  const run = gateway.client && (await clusterRun(gateway, gateway.client, project, name));
  if (run) return { record: run };
  throw problems.taskNotFound(name, project);
}

/** What the store has of a task whose records stay in the cluster is its beginning at most. */
function ofTask(gateway: Gateway, task: Task, record: StoredRecord | undefined): StoredRecord {
  if (isUnrecordedTask(gateway, task)) return { ...onceRecord(task), inCluster: true };
  return record ?? onceRecord(task);
}

/** A record answers also while the cluster does not. */
async function taskOf(gateway: Gateway, project: string, name: string, mayBeAway: boolean): Promise<Task | undefined> {
  if (!gateway.client) return undefined;
  try {
    return await findTask(gateway.client, gateway.namespace, project, name);
  } catch (error) {
    if (mayBeAway) return undefined;
    throw error;
  }
}

export function isSchedule(task: Task): boolean {
  return task.spec !== undefined && isScheduled(task.spec);
}
