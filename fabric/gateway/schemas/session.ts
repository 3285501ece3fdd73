/** Bodies of sessions' routes (contract 3.10). */
import { z } from 'zod';
import { isObject } from '../../http/index.ts';
import { idLengthMaximum, ttlSecondsMaximum } from '../sessions/session.ts';

/** Names are free: a schema of records would lose the name `__proto__`. */
const state = z
  .custom<Readonly<Record<string, unknown>>>(isObject, 'must be an object: names and their values')
  .meta({ type: 'object' });

const ttl = z.coerce
  .number()
  .int('must be a whole number of seconds')
  .min(1, 'must be at least one second')
  .max(ttlSecondsMaximum, `must be at most ${ttlSecondsMaximum} seconds`);

export const newSessionBody = z
  .looseObject({
    sessionId: z.string().min(1).max(idLengthMaximum).nullish(),
    ttl: ttl.or(z.null()).optional(),
    description: z.string().max(4096).nullish(),
    state: state.nullish(),
  })
  .default({});

export const sessionStateBody = z.looseObject({ state });
