/** Pausing and resuming a schedule. */
import { tasks } from '../../task/index.ts';
import { problems } from '../errors.ts';
import type { Gateway } from '../settings.ts';
import { clusterAnswer } from './cluster-answer.ts';
import { find, isSchedule } from './find.ts';

/** Sets whether the schedule starts runs; setting it to what it is changes nothing. 404 when unknown, 409 when no schedule. */
export async function setSuspended(gateway: Gateway, project: string, name: string, suspend: boolean): Promise<void> {
  const { client } = gateway;
  const { task } = await find(gateway, project, name);
  if (!task || !isSchedule(task)) throw problems.notASchedule(name);
  if (!client) throw problems.noCluster('pausing a schedule');
  const patch = { spec: { suspend } };
  await clusterAnswer(client.patch(tasks, task.metadata?.namespace, name, 'merge', patch, { fieldManager: 'gateway' }));
}
