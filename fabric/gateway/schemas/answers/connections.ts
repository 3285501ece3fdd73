/** Answers of connections' routes (contract 3.13). */
import { z } from 'zod';
import { named } from '../../../openapi/operation.ts';
import { connectionDocument } from '../connection.ts';
import { kept, success } from './common.ts';

export const connectionAnswer = named('Connection', connectionDocument.extend(kept));
export const connectionsAnswer = z.strictObject({ success, connections: z.array(connectionAnswer) });

const parameter = z.strictObject({
  name: z.string(),
  title: z.string(),
  type: z.enum(['String', 'Integer', 'Boolean']),
  required: z.boolean(),
  secure: z.boolean().describe('Its value belongs into a secret: `#SECURE.<key>`.'),
});
const connectionType = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  parameters: z.array(parameter),
});
export const connectionTypesAnswer = z.strictObject({
  success,
  connectionTypes: z.array(named('ConnectionType', connectionType)),
});
