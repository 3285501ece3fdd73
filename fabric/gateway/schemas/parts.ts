/** What several documents have in common (contract 4.1, 4.2). */
import { z } from 'zod';

const parameter = z.looseObject({
  name: z.string().min(1),
  title: z.string().optional(),
  type: z.string().optional(),
  format: z.string().optional(),
  description: z.string().optional(),
  /** Also as the text `true`. */
  required: z.union([z.boolean(), z.string()]).optional(),
});

/** A list, a reference to a type, or nothing. */
export const parameters = z.union([z.array(parameter), z.looseObject({ $ref: z.string().min(1) })]).nullish();

export const tags = z.array(z.unknown()).nullish();
