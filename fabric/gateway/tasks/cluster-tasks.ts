/** Tasks as the cluster has them: schedules, which have no record, and one-time Tasks of which nothing was reported. */
import { describeSchedule } from '../../../cron/describe.ts';
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { Job, UnknownObject } from '../../../kubernetes/objects.ts';
import { fabricGroup, isScheduled, scheduleOf, type Task, tasks } from '../../task/index.ts';
import { clusterAnswer } from './cluster-answer.ts';
import type { StoredRecord, TaskRecord } from './record.ts';
import { jobWithoutToken, taskWithoutToken, withoutToken } from './without-token.ts';

/** Which task a task runs once more. */
export const restartOfAnnotation = `${fabricGroup}/restart-of`;

/** What `describe` tells of a schedule beyond its record (contract 3.4.2). */
export interface ScheduleRecord extends TaskRecord {
  readonly scheduleText?: string;
  readonly nextTime?: number;
  readonly lastTime?: number;
  readonly suspend: boolean;
  /** Epoch ms; the operator resumes it then. */
  readonly suspendUntil?: number;
  readonly suspendReason?: string;
  readonly concurrencyPolicy: string;
  readonly startingDeadlineSeconds?: number;
  readonly timeZone?: string;
}

/** All schedules of the project, in every namespace. */
export async function listSchedules(client: KubernetesClient, project: string): Promise<Task[]> {
  const { items } = await clusterAnswer(client.list<Task>(tasks));
  return items.filter((task) => task.spec?.projectId === project && isScheduled(task.spec));
}

/**
 * A DNS subdomain: nothing else is the name of an object, and as a path or a selector it would ask for something else.
 */
export function isObjectName(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name);
}

/** The project's Task of that name; `namespace` is looked at first. */
export async function findTask(
  client: KubernetesClient,
  namespace: string,
  project: string,
  name: string,
): Promise<Task | undefined> {
  if (!isObjectName(name)) return undefined;
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
    ...(suspend ? { suspendUntil: millisOf(task.spec?.suspendUntil), suspendReason: task.spec?.suspendReason } : {}),
    concurrencyPolicy: task.spec?.concurrencyPolicy ?? 'Allow',
    startingDeadlineSeconds: task.spec?.startingDeadlineSeconds,
    timeZone: task.spec?.timeZone,
  };
}

/** A one-time Task of which there is no record, as a record. */
export function onceRecord(task: Task): StoredRecord {
  const state = task.status?.state ?? 'SUBMITTED';
  const restartOf = task.metadata?.annotations?.[restartOfAnnotation];
  return {
    ...commonFields(task),
    ...(restartOf === undefined ? {} : { restartOf }),
    uid: task.status?.jobUid,
    taskUid: task.metadata?.uid,
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
    payload: payload === undefined ? undefined : withoutToken(payload),
    spec,
  };
}

/** The Task without what only servers look at, and without the token of a message. */
export function shownTask(task: Task): UnknownObject {
  const { managedFields: _, ...metadata } = task.metadata ?? {};
  const { spec } = taskWithoutToken(task);
  return { apiVersion: task.apiVersion, kind: task.kind, metadata, spec, status: task.status };
}

/** The Job of a run, without the token of a message. */
export function shownJob(job: Job): UnknownObject {
  return { ...jobWithoutToken(job), apiVersion: 'batch/v1', kind: 'Job' };
}

function millisOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}
