/**
 * The structural schemas of Task and TaskPool: what a Kubernetes API server checks, defaults and prunes by, and what
 * `manifestFor` checks by once more, so that a Task that never saw a server is held to the same rules.
 */
import { argumentBytesMax, emptyPayload } from './payload.ts';
import { taskStates } from './state.ts';

/** The keywords of OpenAPI v3 in use here. */
export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema;
  items?: Schema;
  enum?: string[];
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  maxProperties?: number;
  default?: string | number | boolean;
  anyOf?: { type: 'integer' | 'string' }[];
  'x-kubernetes-int-or-string'?: true;
  nullable?: true;
  'x-kubernetes-preserve-unknown-fields'?: true;
  'x-kubernetes-list-type'?: 'atomic' | 'map';
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-validations'?: { rule: string; message: string }[];
}

const integerMax = 2_147_483_647;
const text = (description: string, more: Schema = {}): Schema => ({
  type: 'string',
  description,
  maxLength: 1024,
  ...more,
});
const name = (description: string): Schema => text(description, { minLength: 1, maxLength: 253 });
const count = (description: string, more: Schema = {}): Schema => ({
  type: 'integer',
  format: 'int32',
  description,
  minimum: 0,
  maximum: integerMax,
  ...more,
});
const time = (description: string): Schema => ({ type: 'string', format: 'date-time', description });
const texts = (description: string): Schema => ({
  type: 'array',
  description,
  maxItems: 1024,
  items: { type: 'string', maxLength: argumentBytesMax },
  'x-kubernetes-list-type': 'atomic',
});
const quantities: Schema = {
  type: 'object',
  maxProperties: 16,
  additionalProperties: { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true },
};

export const taskSpecSchema: Schema = {
  type: 'object',
  description: 'One run of an action of a skill, or, with a schedule, one at each of its times.',
  required: ['projectId', 'skillName', 'actionName', 'image'],
  properties: {
    projectId: name('Project of the task: letters, digits, ".", "_" and "-".'),
    skillName: name('Skill that is run.'),
    actionName: name('Action of the skill that is run.'),
    image: text('Image of the container.', { minLength: 1 }),
    command: texts(
      "Entry point; absent or empty: the image's own. $(NAME) is expanded here, in args and in environment.",
    ),
    args: texts('Arguments before the payload.'),
    environment: {
      type: 'object',
      description: 'Environment variables of the container.',
      maxProperties: 1024,
      additionalProperties: { type: 'string', maxLength: argumentBytesMax },
    },
    resources: {
      type: 'object',
      description: 'Compute resources of the container, as in a pod.',
      properties: { requests: quantities, limits: quantities },
    },
    podSpec: {
      type: 'array',
      description: "Merged into the pod's spec: each value at its JSON pointer, in order.",
      maxItems: 256,
      items: {
        type: 'object',
        required: ['path', 'value'],
        properties: {
          path: text('JSON pointer into the spec of the pod, such as /containers/0/resources or /volumes.', {
            minLength: 1,
          }),
          value: {
            'x-kubernetes-preserve-unknown-fields': true,
            nullable: true,
            description: 'Objects and lists are merged; null takes a member away.',
          },
        },
      },
      'x-kubernetes-list-type': 'atomic',
    },
    payload: {
      type: 'string',
      description: `JSON text, at most ${argumentBytesMax} bytes in UTF-8: the last argument of the container, byte for byte.`,
      maxLength: argumentBytesMax,
      default: emptyPayload,
    },
    username: text('Who submitted the task.'),
    source: text('What submitted the task, such as gateway.'),
    agentName: text('Agent that the task runs for.'),
    activationId: text('Activation that the task belongs to.'),
    correlationId: text('Correlation id of its activations.'),
    channelId: text('Channel of the activation.'),
    refId: text("Reference of the skill in the agent's document."),
    sessionId: text('Session of the activation.'),
    taskPool: text('TaskPool in the same namespace.', { maxLength: 253 }),
    schedule: text('Cron expression: five fields, a descriptor such as @hourly, or "@every 1h30m". Absent: runs once.'),
    timeZone: text("IANA name of the schedule's time zone, such as Europe/Berlin.", { maxLength: 253 }),
    startingDeadlineSeconds: count('A start that is later than this is lost.'),
    concurrencyPolicy: {
      type: 'string',
      description:
        'Allow: runs may overlap (default). Forbid: the latest missed start waits until the active run has ended. Replace: the active run is deleted.',
      enum: ['Allow', 'Forbid', 'Replace'],
    },
    suspend: {
      type: 'boolean',
      description: 'True: no further starts. On resumption the latest missed start is made up for.',
    },
    suspendUntil: time('When a suspended schedule is resumed by itself.'),
    suspendReason: text('Why it is suspended.'),
    successfulJobsHistoryLimit: count('Complete runs of the schedule that stay in the cluster (default 3).'),
    failedJobsHistoryLimit: count('Failed runs of the schedule that stay in the cluster (default 1).'),
    backoffLimit: count('How often a failed run is tried again.', { default: 0 }),
    activeDeadlineSeconds: count('A run that lasts longer is failed.', { minimum: 1 }),
    ttlSecondsAfterFinished: count(
      'A finished run is removed after this time, and not before its record and log are safe.',
    ),
  },
};

const condition: Schema = {
  type: 'object',
  required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
  properties: {
    type: text(''),
    status: text('', { enum: ['True', 'False', 'Unknown'] }),
    reason: text(''),
    message: text('', { maxLength: 32_768 }),
    lastTransitionTime: time(''),
    observedGeneration: { type: 'integer', format: 'int64' },
  },
};

export const taskStatusSchema: Schema = {
  type: 'object',
  properties: {
    observedGeneration: { type: 'integer', format: 'int64', description: 'Generation that this status speaks of.' },
    state: { type: 'string', enum: [...taskStates, 'Active', 'PAUSED'] },
    statusReason: text('Why it is in this state.', { maxLength: 32_768 }),
    conditions: {
      type: 'array',
      maxItems: 16,
      items: condition,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    },
    jobName: text('Job of a one-time task.'),
    jobUid: text('Uid of that job.'),
    startTime: time('When the run began.'),
    endTime: time('When the run ended.'),
    exitCode: { type: 'integer', format: 'int32' },
    cronJobName: text('CronJob of a schedule.'),
    lastScheduleTime: time('Planned time of the latest start.'),
    lastSuccessfulTime: time('When a run last completed.'),
    nextTime: time('Next planned start; absent while paused.'),
    active: { type: 'array', items: text(''), maxItems: 100_000, 'x-kubernetes-list-type': 'atomic' },
    activeCount: count('Runs that have not ended.'),
  },
};

export const taskPoolSpecSchema: Schema = {
  type: 'object',
  properties: {
    description: text('What the pool is for.'),
    limit: count('How many runs may be active at once. Not supported yet: tasks of a pool with a limit are refused.', {
      minimum: 1,
    }),
    persistTasks: {
      type: 'boolean',
      default: true,
      description: 'False: no records are posted and logs stay in the cluster.',
    },
    successfulTasksHistoryLimit: count('Complete one-time tasks that stay when they are not persisted.', {
      default: 10,
    }),
    failedTasksHistoryLimit: count('Failed one-time tasks that stay when they are not persisted.', { default: 10 }),
    ttlSecondsAfterFinished: count('For finished one-time tasks that do not say so themselves.'),
  },
};
