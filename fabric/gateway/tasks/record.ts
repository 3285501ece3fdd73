/** A task's record: the fields of contract 3.4.1, and beside them what the gateway needs to keep it. */

import type { CollectionDefinition } from '../stores/store.ts';

export interface TaskRecord {
  readonly name: string;
  readonly projectId: string;
  readonly skillName?: string;
  readonly actionName?: string;
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
  /** On runs of a schedule: its name. */
  readonly scheduleName?: string;
  /** On runs of a schedule: the start that it was planned for. */
  readonly scheduledTime?: number;
  readonly scheduled?: boolean;
  /** `cron` for schedules and their runs. */
  readonly jobType: 'cron' | 'onetime';
  /** Always equal to `status`: clients read one or the other. */
  readonly state: string;
  readonly status: string;
  readonly statusReason?: string;
  readonly exitCode?: number;
  /** Times are epoch ms. */
  readonly startTime?: number;
  readonly endTime?: number;
  readonly createdAt?: number;
  readonly updatedAt?: number;
  /** States that the run passed while no report of them got through. */
  readonly skippedStates?: number;
  readonly payload?: string;
  readonly logs?: {
    readonly key: string;
    readonly lines?: number;
    readonly bytes: number;
    readonly complete: boolean;
    /** Gaps, as the operator names them. */
    readonly missing: readonly { readonly afterLine: number; readonly reason: string; readonly bytes?: number }[];
  };
  /** Beginning of the keys of what the run leaves in managed content. */
  readonly artifactsPrefix?: string;
  readonly spec?: object;
  /** The task that it runs once more. */
  readonly restartOf?: string;
  /** Its task was deleted after its end: lists leave it out. */
  readonly isDeleted?: boolean;
}

/** What stands in the store. */
export interface StoredRecord extends TaskRecord {
  /** Uid of the Job: names come back, uids do not. Absent until the operator has reported. */
  readonly uid?: string;
  /** Number of the operator's post; grows for each run. */
  readonly sequence?: number;
  readonly namespace?: string;
  readonly jobName?: string;
  readonly taskUid?: string;
  /** True while the gateway alone knows of the run. */
  readonly provisional?: boolean;
  /** Of a run that the gateway submitted: what its Task bears (`create.ts`). */
  readonly creation?: string;
  /** Never stored: the record is the cluster's, and so is its log. */
  readonly inCluster?: boolean;
  /** Id of the provisional record that the first report took over. */
  readonly takenFrom?: string;
}

const shown = [
  'uid',
  'name',
  'projectId',
  'skillName',
  'actionName',
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
  'scheduleName',
  'scheduledTime',
  'scheduled',
  'jobType',
  'state',
  'status',
  'statusReason',
  'skippedStates',
  'exitCode',
  'startTime',
  'endTime',
  'createdAt',
  'updatedAt',
  'payload',
  'logs',
  'artifactsPrefix',
  'restartOf',
  'isDeleted',
  'spec',
] as const satisfies readonly (keyof StoredRecord)[];

/** The record as clients see it. */
export function shownRecord(record: StoredRecord): TaskRecord {
  const fields: Record<string, unknown> = {};
  for (const field of shown) if (record[field] !== undefined) fields[field] = record[field];
  return fields as unknown as TaskRecord;
}

export const recordsDefinition: CollectionDefinition = {
  name: 'tasks',
  scalars: [
    'uid',
    'name',
    'projectId',
    'skillName',
    'actionName',
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
    'scheduleName',
    'scheduled',
    'jobType',
    'state',
    'status',
    'startTime',
    'endTime',
    'createdAt',
    'updatedAt',
    'taskUid',
    'provisional',
    'takenFrom',
    'isDeleted',
    'restartOf',
  ],
  indexes: [
    ['projectId', 'startTime'],
    ['projectId', 'name', 'createdAt'],
    ['projectId', 'scheduleName', 'startTime'],
    ['projectId', 'activationId'],
    ['projectId', 'correlationId', 'startTime'],
    ['provisional', 'taskUid'],
    ['endTime'],
  ],
};
