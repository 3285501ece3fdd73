/** Answers of types' routes (contract 3.9). */
import { z } from 'zod';
import { named } from '../../../openapi/operation.ts';
import { typeDocument } from '../type.ts';
import { kept } from './common.ts';

export const typeAnswer = named('Type', typeDocument.extend(kept));
export const typesAnswer = z.strictObject({ types: z.array(typeAnswer) });
