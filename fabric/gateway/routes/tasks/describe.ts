/** One task (contract 3.4.2): a schedule, a one-time task or a run; with `k8s=true` its resource too. */

import { hasReason } from '../../../../kubernetes/client.ts';
import type { Job, UnknownObject } from '../../../../kubernetes/objects.ts';
import { jobs } from '../../../../kubernetes/resources.ts';
import { isTrue, sendJson } from '../../../http/index.ts';
import { flag, json } from '../../../openapi/operation.ts';
import type { Task } from '../../../task/index.ts';
import { ofTheCluster } from '../../openapi/refusals.ts';
import { taskAnswer } from '../../schemas/answers/tasks.ts';
import type { Gateway } from '../../settings.ts';
import { latestRun } from '../../tasks/all-records.ts';
import { artifactsOf } from '../../tasks/artifacts.ts';
import { clusterProblem } from '../../tasks/cluster-answer.ts';
import { scheduleRecord, shownJob, shownTask } from '../../tasks/cluster-tasks.ts';
import { type FoundTask, find, isSchedule } from '../../tasks/find.ts';
import { type StoredRecord, shownRecord } from '../../tasks/record.ts';
import { projectOf, taskNameOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const describeTask = route({
  method: 'GET',
  path: `${inProject}/tasks/:name`,
  audience: 'users',
  summary: 'Describes a schedule, a one-time task or a run; k8s=true adds its resource',
  operationId: 'describeTask',
  query: { k8s: flag('With the Task, or the Job of a run.') },
  answers: json(taskAnswer),
  refuses: ofTheCluster,
  async handle(context, gateway) {
    const found = await find(gateway, projectOf(context), taskNameOf(context));
    const { task, record } = found;
    const shown =
      task && isSchedule(task) ? await shownSchedule(gateway, task) : record && (await shownRun(gateway, record));
    const k8sResource = isTrue(context, 'k8s') ? await resourceOf(gateway, found) : undefined;
    return sendJson(context, { success: true, task: shown, ...(k8sResource ? { k8sResource } : {}) });
  },
});

/** With what its latest run came to. */
async function shownSchedule(gateway: Gateway, task: Task): Promise<object> {
  const shown = scheduleRecord(task, gateway.world.clock.now());
  const latest = await latestRun(gateway, shown.projectId, shown.name);
  if (!latest) return shown;
  const { name, state, status, statusReason, exitCode, scheduledTime, startTime, endTime } = latest;
  return { ...shown, lastRun: { name, state, status, statusReason, exitCode, scheduledTime, startTime, endTime } };
}

async function shownRun(gateway: Gateway, record: StoredRecord): Promise<object> {
  const artifacts = await artifactsOf(gateway, record);
  return { ...shownRecord(record), ...(artifacts ? { artifacts } : {}) };
}

/** The Task, or the Job of a run; undefined when it has gone. */
async function resourceOf(gateway: Gateway, { task, record }: FoundTask): Promise<UnknownObject | undefined> {
  if (task) return shownTask(task);
  if (!gateway.client || record?.jobName === undefined) return undefined;
  try {
    const job = await gateway.client.get<Job>(jobs, record.namespace, record.jobName);
    return shownJob(job);
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw clusterProblem(error);
  }
}
