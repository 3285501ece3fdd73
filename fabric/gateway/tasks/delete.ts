/** Deleting tasks: schedules and one-time Tasks as resources, runs of schedules as Jobs, and records of what is gone. */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { jobs, type ResourceType } from '../../../kubernetes/resources.ts';
import { isTaskState, isTerminal, tasks } from '../../task/index.ts';
import type { Gateway } from '../settings.ts';
import { clusterProblem } from './cluster-answer.ts';
import { type FoundTask, find } from './find.ts';

/** Deletes all of them, or none when one is unknown (404). Deleting again what is being deleted is fine. */
export async function deleteTasks(gateway: Gateway, project: string, names: readonly string[]): Promise<void> {
  const found: [string, FoundTask][] = [];
  for (const name of names) found.push([name, await find(gateway, project, name)]);
  for (const [name, one] of found) await deleteOne(gateway, project, name, one);
}

async function deleteOne(gateway: Gateway, project: string, name: string, found: FoundTask): Promise<void> {
  const { client } = gateway;
  const { task, record } = found;
  if (task && client) {
    await remove(client, tasks, task.metadata?.namespace, name);
    return gateway.records.cancelled(task.metadata?.uid ?? '');
  }
  const hasEnded = record !== undefined && isTaskState(record.state) && isTerminal(record.state);
  if (!hasEnded && client && record?.jobName !== undefined) {
    return remove(client, jobs, record.namespace, record.jobName);
  }
  await gateway.records.remove(project, name);
}

async function remove(client: KubernetesClient, type: ResourceType, namespace: string | undefined, name: string) {
  try {
    await client.delete(type, namespace, name, { propagationPolicy: 'Background' });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw clusterProblem(error);
  }
}
