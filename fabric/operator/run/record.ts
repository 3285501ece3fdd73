/** A run's record as it is posted to the gateway: the contract's full record (3.4.1) with uid and sequence. Pure. */
import type { Job } from '../../../kubernetes/objects.ts';
import { artifactsPrefix } from '../../task/artifacts.ts';
import { taskUidAnnotation } from '../../task/labels.ts';
import { jobTypeOf, taskNameOf, taskSpecOf } from '../../task/read-back.ts';
import type { Task, TaskSpec } from '../../task/task.ts';
import { logFolderOf } from '../logs/folder.ts';
import type { Ledger } from '../logs/run-ledger.ts';
import type { RunFacts, RunState } from './outcome.ts';
import { millisOf } from './time.ts';

export interface TaskRecord {
  /** Uid of the Job: names come back, uids do not. Of the Task if it ended without ever having had a Job. */
  readonly uid: string;
  /** Grows with each post of a run: epoch ms, or one more than the last. */
  readonly sequence: number;
  /** The Task's name, or the Job's for a run of a schedule. */
  readonly name: string;
  readonly namespace: string;
  readonly jobName?: string;
  /** The Task that the Job was made for; for a run of a schedule, the schedule's. */
  readonly taskUid?: string;
  readonly projectId: string;
  readonly skillName: string;
  readonly actionName: string;
  readonly agentName?: string;
  readonly username?: string;
  readonly source?: string;
  readonly activationId?: string;
  readonly correlationId?: string;
  readonly channelId?: string;
  readonly refId?: string;
  readonly sessionId?: string;
  readonly taskPool?: string;
  readonly schedule?: string;
  /** The schedule's Task, on its runs. */
  readonly scheduleName?: string;
  /** Planned start of a run of a schedule. */
  readonly scheduledTime?: number;
  readonly scheduled: boolean;
  readonly jobType: 'cron' | 'onetime';
  /** `state` and `status` are equal: clients read one or the other. */
  readonly state: RunState;
  readonly status: RunState;
  readonly statusReason: string;
  readonly exitCode?: number;
  /** Times are epoch ms. */
  readonly startTime?: number;
  readonly endTime?: number;
  readonly createdAt?: number;
  readonly updatedAt: number;
  readonly payload?: string;
  readonly logs?: Ledger;
  /** Where the run was told to put what it leaves (`fabric/task/artifacts.ts`). */
  readonly artifactsPrefix?: string;
  /** The Task's spec without its payload, which stands beside it. */
  readonly spec: Omit<TaskSpec, 'payload'>;
  /** States that were passed while no post got through, so far. */
  readonly skippedStates: number;
}

/** Planned start of a run, written by the CronJob controller (semantics 2.7). */
const scheduledTimestampAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

const passedOn = [
  'agentName',
  'username',
  'source',
  'activationId',
  'correlationId',
  'channelId',
  'refId',
  'sessionId',
  'taskPool',
  'schedule',
] as const satisfies readonly (keyof TaskSpec)[];

/** @param updatedAt epoch ms; `sequence` and `skippedStates` are the report queue's to set. */
export function recordOf(job: Job, facts: RunFacts, updatedAt: number, logs?: Ledger): TaskRecord {
  const spec = taskSpecOf(job);
  const jobName = job.metadata?.name ?? '';
  const taskName = taskNameOf(job) ?? jobName;
  const jobType = jobTypeOf(job);
  const annotations = job.metadata?.annotations ?? {};
  const taskUid = annotations[taskUidAnnotation];
  const createdAt = millisOf(job.metadata?.creationTimestamp);
  const scheduledTime = millisOf(annotations[scheduledTimestampAnnotation]);
  return {
    ...commonOf(spec, facts, updatedAt),
    uid: job.metadata?.uid ?? '',
    name: jobType === 'cron' ? jobName : taskName,
    namespace: job.metadata?.namespace ?? '',
    jobName,
    ...(taskUid === undefined ? {} : { taskUid }),
    // Everything that a schedule starts can be found by the schedule's name (contract 8, row 11).
    ...(jobType === 'cron' ? { correlationId: spec.correlationId ?? taskName, scheduleName: taskName } : {}),
    ...(scheduledTime === undefined ? {} : { scheduledTime }),
    scheduled: jobType === 'cron',
    jobType,
    artifactsPrefix: artifactsPrefix(jobType === 'cron' ? jobName : logFolderOf(job)),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(logs === undefined ? {} : { logs }),
  };
}

/** The record of a one-time Task that ended without ever having had a Job. */
export function recordOfUnstarted(task: Task, facts: RunFacts, updatedAt: number): TaskRecord {
  const { uid = '', name = '', namespace = '', creationTimestamp } = task.metadata ?? {};
  const createdAt = millisOf(creationTimestamp);
  return {
    ...commonOf(task.spec as TaskSpec, facts, updatedAt),
    uid,
    name,
    namespace,
    taskUid: uid,
    scheduled: false,
    jobType: 'onetime',
    ...(createdAt === undefined ? {} : { createdAt }),
  };
}

function commonOf({ payload, ...spec }: TaskSpec, facts: RunFacts, updatedAt: number) {
  const { projectId, skillName, actionName } = spec;
  return {
    sequence: updatedAt,
    projectId,
    skillName,
    actionName,
    ...Object.fromEntries(passedOn.flatMap((field) => (spec[field] === undefined ? [] : [[field, spec[field]]]))),
    state: facts.state,
    status: facts.state,
    statusReason: facts.statusReason,
    ...(facts.exitCode === undefined ? {} : { exitCode: facts.exitCode }),
    ...(facts.startTime === undefined ? {} : { startTime: facts.startTime }),
    ...(facts.endTime === undefined ? {} : { endTime: facts.endTime }),
    updatedAt,
    ...(payload === undefined ? {} : { payload }),
    spec,
    skippedStates: 0,
  };
}
