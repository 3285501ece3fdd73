/** A connection as it is sent and kept (contract 3.13). Members that nobody here reads are kept as they are. */
import { z } from 'zod';
import { tags } from './parts.ts';

const parameter = z.looseObject({ name: z.string().min(1), value: z.unknown().optional() });

export const connectionDocument = z.looseObject({
  name: z.string().min(1),
  title: z.string().optional(),
  description: z.string().optional(),
  connectionType: z.string().min(1),
  allowRead: z.boolean().optional(),
  allowWrite: z.boolean().optional(),
  contentType: z.string().optional(),
  tags,
  /** A value `#SECURE.<key>` stands for the secret of that key. */
  params: z.array(parameter).nullish(),
});
export type ConnectionDocument = z.infer<typeof connectionDocument>;
