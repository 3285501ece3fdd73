/** Answers of actions' routes (contract 3.8). */
import { z } from 'zod';
import { named } from '../../../openapi/operation.ts';
import { kept, success } from './common.ts';

const action = named(
  'Action',
  z.strictObject({
    name: z.string(),
    type: z.enum(['job', 'daemon']),
    image: z.string(),
    command: z.array(z.string()),
    port: z.number().optional(),
    scaleCount: z.number().optional(),
    environmentVariables: z.string(),
    jobTimeout: z.number().optional(),
    podSpec: z.array(z.looseObject({ path: z.string() })),
    k8sResources: z.array(z.looseObject({})),
    concurrencyPolicy: z.enum(['Allow', 'Forbid', 'Replace']).optional(),
    title: z.string().optional(),
    description: z.string().optional(),
    ...kept,
  }),
);

export const actionAnswer = z.strictObject({ success, action });
export const actionsAnswer = z.strictObject({ success, actions: z.array(action) });
