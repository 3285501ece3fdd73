/** Answers of secrets' routes (contract 3.13). */
import { z } from 'zod';

export const secretKeysAnswer = z.array(z.string());
export const maskedAnswer = z.strictObject({ value: z.string().describe('A mask: no user is told a value.') });
