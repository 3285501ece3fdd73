/** Answers of sessions' routes (contract 3.10). */
import { z } from 'zod';
import { named } from '../../../openapi/operation.ts';
import { instant, success } from './common.ts';

const facts = { sessionId: z.string(), ttl: z.number().describe('Seconds.'), description: z.string().optional() };

export const sessionSavedAnswer = z.strictObject({ success, sessionId: z.string(), message: z.string() });
export const sessionsAnswer = z.strictObject({ sessions: z.array(z.strictObject(facts)) });
export const sessionAnswer = named(
  'Session',
  z.strictObject({
    ...facts,
    state: z.looseObject({}),
    createdBy: z.string().optional().describe('With verbose.'),
    createdAt: instant.optional(),
    updatedAt: instant.optional(),
    expiresAt: instant.optional(),
  }),
);
