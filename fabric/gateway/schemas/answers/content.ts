/** Answers of managed content's routes (contract 3.11). */
import { z } from 'zod';
import { named } from '../../../openapi/operation.ts';
import { success } from './common.ts';

const object = z.looseObject({
  Key: z.string(),
  ContentType: z.string(),
  LastModified: z.iso.datetime(),
  Size: z.int().min(0).describe('Bytes.'),
});
export const contentListAnswer = z.array(named('ContentObject', object));

export const storedAnswer = z.looseObject({
  success,
  message: z.string(),
  key: z.string(),
  size: z.int().min(0).describe('Bytes.'),
});

export const contentDeletedAnswer = z.looseObject({ success, message: z.string(), key: z.string() });

/** Bytes as they were stored. */
export const bytes = z.string().meta({ format: 'binary' });

/** The form of an upload whose key stands in it: the key before the content. */
export const uploadForm = z.object({ key: z.string(), content: bytes });
