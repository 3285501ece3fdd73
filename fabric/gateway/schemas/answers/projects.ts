/** The answer of GraphQL (contract 3.3). */
import { z } from 'zod';
import { details } from './common.ts';

const fault = z.strictObject({ message: z.string(), status: z.int(), details: details.optional() });

export const graphqlAnswer = z.strictObject({
  data: z.record(z.string(), z.unknown()).nullable().optional(),
  errors: z.array(fault).optional(),
});
