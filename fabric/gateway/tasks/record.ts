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
  readonly payload?: string;
  readonly logs?: {
    readonly key: string;
    readonly lines?: number;
    readonly bytes: number;
    readonly complete: boolean;
    /** Gaps, as the operator names them. */
    readonly missing: readonly { readonly afterLine: number; readonly reason: string; readonly bytes?: number }[];
  };
  readonly spec?: object;
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
  readonly scheduledTime?: number;
  readonly skippedStates?: number;
  /** True while the gateway alone knows of the run. */
  readonly provisional?: boolean;
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
  'scheduled',
  'jobType',
  'state',
  'status',
  'statusReason',
  'exitCode',
  'startTime',
  'endTime',
  'createdAt',
  'updatedAt',
  'payload',
  'logs',
  'spec',
] as const satisfies readonly (keyof StoredRecord)[];

/** The record as clients see it. */
export function shownRecord(record: StoredRecord): TaskRecord {
  const fields = shown.flatMap((field) => (record[field] === undefined ? [] : [[field, record[field]] as const]));
  return Object.fromEntries(fields) as unknown as TaskRecord;
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
  ],
  indexes: [
    ['projectId', 'startTime'],
    ['projectId', 'name'],
    ['projectId', 'scheduleName', 'startTime'],
    ['projectId', 'activationId'],
    ['projectId', 'correlationId', 'startTime'],
    ['provisional', 'taskUid'],
  ],
};
