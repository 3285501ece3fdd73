/** Answers of activations' and invocations' routes (contract 3.5.1, 3.6, 4.7). */
import { z } from 'zod';
import { named } from '../../../openapi/operation.ts';
import { instant, success } from './common.ts';

const status = z.enum(['PENDING', 'STARTED', 'COMPLETE', 'ERROR', 'CANCELLED']);

const transit = named(
  'Transit',
  z.strictObject({
    from: z.string(),
    to: z.string(),
    name: z.string().optional(),
    title: z.string().optional(),
    type: z.string(),
    status,
    start: instant.optional(),
    end: instant.optional(),
    elapsed: z.number().optional(),
    channelId: z.string(),
    messageId: z.string(),
    taskName: z.string().optional(),
    error: z.string().optional(),
  }),
);

const state = z.strictObject({
  from: z.string(),
  to: z.string(),
  type: z.string(),
  ref: z.strictObject({
    name: z.string(),
    title: z.string().optional(),
    properties: z.array(z.strictObject({ name: z.string(), value: z.unknown().optional() })),
  }),
});

const failure = z.looseObject({ message: z.string() });

const times = { start: instant.optional(), end: instant.optional(), elapsed: z.number().optional() };

const activation = named(
  'Activation',
  z.strictObject({
    success,
    requestId: z.string(),
    activationId: z.string(),
    projectId: z.string(),
    username: z.string(),
    agentName: z.string().optional(),
    serviceName: z.string().optional(),
    skillName: z.string().optional(),
    inputName: z.string().optional(),
    channelId: z.string(),
    sessionId: z.string(),
    correlationId: z.string().optional(),
    sync: z.boolean(),
    timestamp: instant.optional(),
    payload: z.unknown().optional(),
    properties: z.record(z.string(), z.unknown()),
    headers: z.record(z.string(), z.string()),
    status,
    ...times,
    response: z.unknown().optional(),
    error: failure.optional(),
    plan: z
      .strictObject({ states: z.array(state) })
      .optional()
      .describe('With verbose.'),
    transits: z.array(transit).optional().describe('With verbose.'),
  }),
);

const report = named(
  'ActivationReport',
  z.strictObject({
    success,
    requestId: z.string(),
    activationId: z.string(),
    status,
    ...times,
    error: failure.optional(),
    transits: z.array(transit),
  }),
);

export const activationAnswer = z.union([activation, report]);

export const activationsAnswer = z.strictObject({
  success,
  activations: z.array(
    z.strictObject({
      activationId: z.string(),
      agentName: z.string().optional(),
      skillName: z.string().optional(),
      status,
      start: instant.optional(),
      end: instant.optional(),
      correlationId: z.string().optional(),
      sessionId: z.string().optional(),
      username: z.string().optional(),
      serviceName: z.string().optional(),
      inputName: z.string().optional(),
    }),
  ),
});

const begun = named('Begun', z.strictObject({ success, activationId: z.string() }));
const scheduled = named('Scheduled', z.strictObject({ success, message: z.string(), taskName: z.string() }));
/** A synchronous one whose end could not be read any more: its status was on its way already (contract 2.2). */
const broken = z.strictObject({ success: z.literal(false), activationId: z.string(), message: z.string() });

export const invocationAnswer = z.union([begun, activation, broken]);
export const agentInvocationAnswer = z.union([begun, scheduled, activation, broken]);
