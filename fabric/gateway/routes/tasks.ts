/** Tasks of a project: list, create, describe, delete, pause and resume (contract 3.4). */

import { hasReason } from '../../../kubernetes/client.ts';
import type { Job, UnknownObject } from '../../../kubernetes/objects.ts';
import { jobs } from '../../../kubernetes/resources.ts';
import { type HttpContext, isTrue, type Routes, readObject, sendJson } from '../../http/index.ts';
import { problems } from '../errors.ts';
import { bodyBytesMaximum, type Gateway } from '../settings.ts';
import { findIn } from '../stores/matching.ts';
import { FilterError, type Query } from '../stores/store.ts';
import { clusterProblem } from '../tasks/cluster-answer.ts';
import { listSchedules, type ScheduleRecord, scheduleRecord, shownTask } from '../tasks/cluster-tasks.ts';
import { createTask, requestBody } from '../tasks/create.ts';
import { deleteTasks } from '../tasks/delete.ts';
import { type FoundTask, find, isSchedule } from '../tasks/find.ts';
import { taskQuery } from '../tasks/query.ts';
import { shownRecord } from '../tasks/record.ts';
import { setSuspended } from '../tasks/suspend.ts';
import { projectOf, taskNameOf } from './parameters.ts';

const base = '/fabric/v4/projects/:project/tasks';

export function taskRoutes(routes: Routes, gateway: Gateway): void {
  routes.get(base, (context) => list(context, gateway));
  routes.post(base, (context) => create(context, gateway));
  routes.get(`${base}/:name`, (context) => describe(context, gateway));
  routes.delete(`${base}/:name`, (context) => remove(context, gateway));
  routes.patch(`${base}/:name`, (context) => patch(context, gateway));
  for (const method of ['POST', 'PATCH']) {
    routes.on(method, `${base}/:name/pause`, (context) => suspend(context, gateway, true));
    routes.on(method, `${base}/:name/resume`, (context) => suspend(context, gateway, false));
  }
}

async function list(context: HttpContext, gateway: Gateway): Promise<Response> {
  const project = projectOf(context);
  const query = taskQuery(context, project);
  try {
    const tasks = isTrue(context, 'scheduled')
      ? await schedules(gateway, project, query)
      : (await gateway.records.find(query)).map(shownRecord);
    return sendJson(context, { success: true, tasks });
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw problems.invalidQuery([
      { type: 'filter', name: 'filter', path: ['query', 'filter'], message: error.message },
    ]);
  }
}

/** Schedules are read from the cluster; filters compare states in capitals, as those of runs. */
async function schedules(gateway: Gateway, project: string, query: Query): Promise<ScheduleRecord[]> {
  if (!gateway.client) return [];
  const now = gateway.world.clock.now();
  const found = (await listSchedules(gateway.client, project)).map((task) => scheduleRecord(task, now));
  const documents = found.map((record) => {
    const state = record.state.toUpperCase();
    return { id: record.name, document: { ...defined(record), state, status: state } };
  });
  const byName = new Map(found.map((record) => [record.name, record]));
  const matching = findIn(documents, { ...query, sort: query.sort ?? { startTime: -1 } });
  return matching.map(({ id }) => byName.get(id)).filter((record) => record !== undefined);
}

/** Without members that hold nothing: a filter tells missing from undefined. */
function defined(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

async function create(context: HttpContext, gateway: Gateway): Promise<Response> {
  if (!gateway.client) throw problems.noCluster('creating a task');
  const body = requestBody(await readObject(context, bodyBytesMaximum));
  const { username } = await gateway.authenticator.authenticate(context.env.request);
  const task = await createTask(gateway, gateway.client, { project: projectOf(context), body, username });
  const name = task.metadata?.name ?? '';
  return sendJson(context, { success: true, message: `Task ${JSON.stringify(name)} submitted`, name, taskName: name });
}

async function describe(context: HttpContext, gateway: Gateway): Promise<Response> {
  const found = await find(gateway, projectOf(context), taskNameOf(context));
  const { task, record } = found;
  const now = gateway.world.clock.now();
  const shown = task && isSchedule(task) ? scheduleRecord(task, now) : record && shownRecord(record);
  const k8sResource = isTrue(context, 'k8s') ? await resourceOf(gateway, found) : undefined;
  return sendJson(context, { success: true, task: shown, ...(k8sResource ? { k8sResource } : {}) });
}

/** The Task, or the Job of a run; undefined when it has gone. */
async function resourceOf(gateway: Gateway, { task, record }: FoundTask): Promise<UnknownObject | undefined> {
  if (task) return shownTask(task);
  if (!gateway.client || record?.jobName === undefined) return undefined;
  try {
    const job = await gateway.client.get<Job>(jobs, record.namespace, record.jobName);
    return { ...job, apiVersion: 'batch/v1', kind: 'Job' };
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw clusterProblem(error);
  }
}

/** One request may name several: `a,b` (contract 3.4.5). */
async function remove(context: HttpContext, gateway: Gateway): Promise<Response> {
  const names = taskNameOf(context)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  await deleteTasks(gateway, projectOf(context), [...new Set(names)]);
  const which = names.length === 1 ? `task ${names[0]}` : `tasks ${names.join(', ')}`;
  return sendJson(context, { success: true, message: `Successfully marked ${which} for delete` });
}

async function suspend(context: HttpContext, gateway: Gateway, value: boolean): Promise<Response> {
  const name = taskNameOf(context);
  await setSuspended(gateway, projectOf(context), name, value);
  return sendJson(context, { success: true, message: `Successfully ${value ? 'paused' : 'resumed'} task "${name}"` });
}

async function patch(context: HttpContext, gateway: Gateway): Promise<Response> {
  const body = await readObject(context, bodyBytesMaximum);
  if (typeof body.suspend !== 'boolean' || Object.keys(body).length !== 1) throw problems.invalidPatch();
  return suspend(context, gateway, body.suspend);
}
