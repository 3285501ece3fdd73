/** Types: parameters under a name, which skills and agents refer to (contract 3.9). */
import { z } from 'zod';
import { parameters, tags } from './parts.ts';

export const typeDocument = z.looseObject({
  camel: z.string().optional(),
  name: z.string().min(1),
  title: z.string().optional(),
  description: z.string().optional(),
  tags,
  parameters,
});
export type TypeDocument = z.infer<typeof typeDocument>;

/** One definition is taken as a list of one. */
export const typesBody = z.union([z.looseObject({ types: z.array(typeDocument).min(1) }), typeDocument]);
