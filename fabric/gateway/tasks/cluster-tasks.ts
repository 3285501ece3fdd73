/** Tasks as the cluster has them: schedules, which have no record, and one-time Tasks of which nothing was reported. */
import { describeSchedule } from '../../../cron/describe.ts';
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { UnknownObject } from '../../../kubernetes/objects.ts';
import { isScheduled, scheduleOf, type Task, tasks } from '../../task/index.ts';
import { clusterAnswer } from './cluster-answer.ts';
import type { StoredRecord, TaskRecord } from './record.ts';

/** What `describe` tells of a schedule beyond its record (contract 3.4.2). */
export interface ScheduleRecord extends TaskRecord {
  readonly scheduleText?: string;
  readonly nextTime?: number;
  readonly lastTime?: number;
  readonly suspend: boolean;
  readonly concurrencyPolicy: string;
  readonly startingDeadlineSeconds?: number;
  readonly timeZone?: string;
}

/** All schedules of the project, in every namespace. */
export async function listSchedules(client: KubernetesClient, project: string): Promise<Task[]> {
  const { items } = await clusterAnswer(client.list<Task>(tasks));
  return items.filter((task) => task.spec?.projectId === project && isScheduled(task.spec));
}

/** The project's Task of that name; `namespace` is looked at first. */
export async function findTask(
  client: KubernetesClient,
  namespace: string,
  project: string,
  name: string,
): Promise<Task | undefined> {
  try {
    const task = await client.get<Task>(tasks, namespace, name);
    if (task.spec?.projectId === project) return task;
  } catch (error) {
    if (!hasReason(error, 'NotFound')) await clusterAnswer(Promise.reject(error));
  }
  const { items } = await clusterAnswer(client.list<Task>(tasks, { fieldSelector: `metadata.name=${name}` }));
  return items.find((task) => task.metadata?.name === name && task.spec?.projectId === project);
}

/** A schedule as a record. `now` is the World's, epoch ms. */
export function scheduleRecord(task: Task, now: number): ScheduleRecord {
  const suspend = task.spec?.suspend === true;
  const state = suspend ? 'PAUSED' : 'Active';
  const lastTime = millisOf(task.status?.lastScheduleTime);
  const schedule = task.spec && scheduleOf(task.spec);
  const nextTime = suspend ? undefined : schedule?.nextAfter(now);
  return {
    ...commonFields(task),
    scheduled: true,
    jobType: 'cron',
    state,
    status: state,
    startTime: millisOf(task.metadata?.creationTimestamp),
    scheduleText: schedule && describeSchedule(task.spec?.schedule ?? '', task.spec?.timeZone),
    nextTime,
    lastTime,
    suspend,
    concurrencyPolicy: task.spec?.concurrencyPolicy ?? 'Allow',
    startingDeadlineSeconds: task.spec?.startingDeadlineSeconds,
    timeZone: task.spec?.timeZone,
  };
}

/** A one-time Task of which there is no record, as a record. */
export function onceRecord(task: Task): StoredRecord {
  const state = task.status?.state ?? 'SUBMITTED';
  return {
    ...commonFields(task),
    uid: task.status?.jobUid,
    jobName: task.status?.jobName,
    namespace: task.metadata?.namespace,
    scheduled: false,
    jobType: 'onetime',
    state,
    status: state,
    startTime: millisOf(task.status?.startTime),
    endTime: millisOf(task.status?.endTime),
    exitCode: task.status?.exitCode,
  };
}

function commonFields(task: Task): Pick<TaskRecord, 'name' | 'projectId'> & Partial<TaskRecord> {
  const { payload, ...spec } = task.spec ?? { projectId: '' };
  const { skillName, actionName, agentName, username, source, taskPool, schedule } = task.spec ?? {};
  const { activationId, correlationId, channelId, refId, sessionId } = task.spec ?? {};
  const createdAt = millisOf(task.metadata?.creationTimestamp);
  return {
    name: task.metadata?.name ?? '',
    projectId: spec.projectId,
    ...{ skillName, actionName, agentName, username, source, taskPool, schedule },
    ...{ activationId, correlationId, channelId, refId, sessionId },
    statusReason: task.status?.statusReason,
    createdAt,
    updatedAt: createdAt,
    payload,
    spec,
  };
}

/** The Task without what only servers look at. */
export function shownTask(task: Task): UnknownObject {
  const { managedFields: _, ...metadata } = task.metadata ?? {};
  return { apiVersion: task.apiVersion, kind: task.kind, metadata, spec: task.spec, status: task.status };
}

function millisOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}
