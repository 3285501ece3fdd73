/** Answers of tasks' routes (contract 3.4). */
import { z } from 'zod';
import { named } from '../../../openapi/operation.ts';
import { instant, success } from './common.ts';

const gap = z.looseObject({ afterLine: z.number(), reason: z.string(), bytes: z.number().optional() });

const facts = z.strictObject({
  key: z.string().describe('Of managed content.'),
  lines: z.number().optional(),
  bytes: z.number(),
  complete: z.boolean(),
  missing: z.array(gap),
});

const texts = {
  skillName: z.string().optional(),
  actionName: z.string().optional(),
  agentName: z.string().optional(),
  username: z.string().optional(),
  source: z.string().optional(),
  activationId: z.string().optional(),
  correlationId: z.string().optional(),
  channelId: z.string().optional(),
  refId: z.string().optional(),
  sessionId: z.string().optional(),
  taskPool: z.string().optional(),
};

const run = {
  name: z.string(),
  state: z.string(),
  status: z.string().describe('Always equal to the state.'),
  statusReason: z.string().optional(),
  exitCode: z.number().optional(),
  scheduledTime: instant.optional(),
  startTime: instant.optional(),
  endTime: instant.optional(),
};

const artifact = z.strictObject({ key: z.string(), bytes: z.number(), contentType: z.string() });

const schedule = {
  scheduleText: z.string().optional().describe('The schedule in words.'),
  timeZone: z.string().optional(),
  nextTime: instant.optional(),
  lastTime: instant.optional(),
  lastRun: z.strictObject(run).optional(),
  suspend: z.boolean().optional(),
  suspendReason: z.string().optional(),
  suspendUntil: instant.optional(),
  concurrencyPolicy: z.string().optional(),
  startingDeadlineSeconds: z.number().optional(),
};

const task = named(
  'Task',
  z
    .strictObject({
      uid: z.string().optional(),
      ...run,
      projectId: z.string(),
      ...texts,
      jobType: z.enum(['cron', 'onetime']).describe('`cron` for schedules and their runs.'),
      scheduled: z.boolean().optional(),
      schedule: z.string().optional(),
      scheduleName: z.string().optional().describe('Of a run: its schedule.'),
      ...schedule,
      skippedStates: z.number().optional(),
      createdAt: instant.optional(),
      updatedAt: instant.optional(),
      payload: z.string().optional(),
      logs: facts.optional(),
      artifactsPrefix: z.string().optional(),
      artifacts: z.array(artifact).optional(),
      restartOf: z.string().optional(),
      isDeleted: z.boolean().optional(),
      spec: z.looseObject({}).optional(),
    })
    .describe('A schedule, a one-time task, or a run of a schedule.'),
);

export const taskAnswer = z.strictObject({
  success,
  task,
  k8sResource: z.looseObject({}).optional().describe('With k8s=true.'),
});
export const tasksAnswer = z.strictObject({ success, tasks: z.array(task), warning: z.string().optional() });
export const executionsAnswer = z.strictObject({ success, tasks: z.array(task) });

export const submittedAnswer = z.strictObject({
  success,
  message: z.string(),
  name: z.string(),
  taskName: z.string(),
});
export const restartedAnswer = submittedAnswer.extend({ restartOf: z.string() });
export const runAnswer = z.strictObject({ success, message: z.string(), name: z.string() });

const textLog = z.strictObject({
  success,
  logs: z.string(),
  truncated: z.boolean().optional().describe('Only the last part of it is told.'),
  key: z.string().optional().describe('Where all of it stands in managed content.'),
});
const rows = z.looseObject({
  success,
  rows: z.array(z.looseObject({ line: z.int(), timestamp: z.string(), text: z.string() })),
});
export const taskLogAnswer = z.union([named('LogText', textLog), named('LogRows', rows)]);
