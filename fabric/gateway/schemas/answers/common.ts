/** What answers of all kinds have in common, and the body of every refusal (contract 2.3). */
import { z } from 'zod';
import { named } from '../../../openapi/operation.ts';

export const success = z.literal(true);

/** Epoch ms. */
export const instant = z.number().describe('Epoch ms.');

const detail = z.strictObject({
  type: z.string(),
  name: z.string().optional(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
  message: z.string(),
});
export const details = z.array(named('ProblemDetail', detail));

export const problem = named(
  'Problem',
  z.strictObject({
    success: z.literal(false),
    message: z.string().min(1),
    code: z.int().min(400).max(599).describe('The HTTP status.'),
    reason: z.string().describe('The service’s own word for it, stable for programs.'),
    details: details.optional(),
  }),
);

export const done = named('Done', z.strictObject({ success, message: z.string() }));

export const saved = named(
  'Saved',
  z.strictObject({ success, version: z.int().min(1), message: z.string(), details: details.optional() }),
);

/** What the platform adds to every document that is saved. */
export const kept = { version: z.int().min(1), createdBy: z.string(), createdAt: instant, updatedAt: instant };
