/** Answers of routes inside the cluster (contract 3.12, 4.4). */
import { z } from 'zod';
import { success } from './common.ts';

export const reportAnswer = z.strictObject({
  success,
  accepted: z.boolean().describe('False: it was known, or is not kept here.'),
});

export const messageAnswer = z.strictObject({ success });

export const runTokenAnswer = z.strictObject({
  token: z.string(),
  activationId: z.string(),
  idempotencyKey: z.string(),
});

export const secretValueAnswer = z.strictObject({ value: z.unknown() });
