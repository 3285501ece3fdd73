/** Which schedules invoke an agent. */
import { labelValue, projectLabel, type Task, tasks } from '../../task/index.ts';
import type { Gateway } from '../settings.ts';
import { clusterAnswer } from '../tasks/cluster-answer.ts';
import { scheduledAgentOf } from './scheduled-task.ts';

/** Names of their Tasks; those that are being deleted do not count. */
export async function schedulesOf({ client, namespace }: Gateway, project: string, agent: string): Promise<string[]> {
  if (!client) return [];
  const labelSelector = `${projectLabel}=${labelValue(project)}`;
  const { items } = await clusterAnswer(client.list<Task>(tasks, { namespace, labelSelector }));
  return items
    .filter((task) => task.spec?.projectId === project && scheduledAgentOf(task) === agent)
    .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata?.name ?? '');
}
