/** The body of an invocation of an agent or a skill (contract 3.5.1). */
import { z } from 'zod';

export const invokeBody = z
  .looseObject({
    payload: z.unknown().optional(),
    properties: z.record(z.string(), z.unknown()).nullish(),
    sessionId: z.string().min(1).max(256).optional(),
    correlationId: z.string().min(1).max(256).optional(),
  })
  .default({});
export type InvokeBody = z.infer<typeof invokeBody>;
