/**
 * Deleting tasks: schedules and one-time Tasks as resources, runs of schedules as Jobs, and records of what is gone.
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { jobs, type ResourceType } from '../../../kubernetes/resources.ts';
import { isTaskState, isTerminal, tasks } from '../../task/index.ts';
import { problems } from '../errors.ts';
import type { Gateway } from '../settings.ts';
import { clusterProblem } from './cluster-answer.ts';
import { creationOf } from './create.ts';
import { type FoundTask, find } from './find.ts';
import type { StoredRecord } from './record.ts';

/**
 * Deletes all of them, or none when one is unknown or deleted already (404). Deleting again what is being deleted is
 * fine. Records of what has ended stay as history, hidden from lists (contract 3.4.5); they are marked last: whoever
 * asks again because this was broken off still finds all the names.
 */
export async function deleteTasks(gateway: Gateway, project: string, names: readonly string[]): Promise<void> {
  const found: [string, FoundTask][] = [];
  for (const name of names) {
    const one = await find(gateway, project, name);
    if (!one.task && one.record?.isDeleted) throw problems.taskNotFound(name, project);
    found.push([name, one]);
  }
  for (const [name, one] of found) await deleteInCluster(gateway, name, one);
  const ended = found.filter(([, { record }]) => record !== undefined && hasEnded(record)).map(([name]) => name);
  await gateway.records.hide(project, ended);
}

async function deleteInCluster(gateway: Gateway, name: string, { task, record }: FoundTask): Promise<void> {
  const { client } = gateway;
  if (task && client) {
    await remove(client, tasks, task.metadata?.namespace, name);
    await gateway.records.cancelled(task.metadata?.uid, creationOf(task));
    return;
  }
  if (record?.provisional && !hasEnded(record)) {
    // The Task is gone already: the request that deleted it was broken off, or somebody else did.
    await gateway.records.cancelled(record.taskUid, record.creation);
    return;
  }
  if (!client || record?.jobName === undefined || (hasEnded(record) && !record.inCluster)) return;
  await remove(client, jobs, record.namespace, record.jobName);
}

function hasEnded({ state }: StoredRecord): boolean {
  return isTaskState(state) && isTerminal(state);
}

async function remove(client: KubernetesClient, type: ResourceType, namespace: string | undefined, name: string) {
  try {
    await client.delete(type, namespace, name, { propagationPolicy: 'Background' });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw clusterProblem(error);
  }
}
