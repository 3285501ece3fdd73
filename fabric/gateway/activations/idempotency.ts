/**
 * An invocation that may be asked for twice and is made once: the client's header `Idempotency-Key` decides the
 * activation's id. Runs of schedules need it, whose request may be answered by a gateway that dies at that moment.
 */
import { createHash } from 'node:crypto';
import { Problem } from '../../http/index.ts';
import { type Parameters, words } from '../../openapi/operation.ts';
import { problems } from '../errors.ts';
import type { RunningGateway } from '../running-gateway.ts';
import type { Activation } from './activation.ts';
import type { NewActivation } from './activations.ts';

const charactersMaximum = 256;

/** As the routes declare it. */
export const idempotencyHeader: Parameters = {
  'idempotency-key': words(
    `The same key makes one invocation, however often it is asked; at most ${charactersMaximum} characters.`,
  ),
};

/** undefined when the request has none. Throws a Problem when it is too long. */
export function idempotencyKeyOf(headers: Readonly<Record<string, string>>): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined || key === '') return undefined;
  if (key.length <= charactersMaximum) return key;
  throw new Problem(
    400,
    'invalid-idempotency-key',
    `the header Idempotency-Key has ${key.length} characters, and may have ${charactersMaximum}`,
  );
}

/** A UUID of the key, its own in each project (RFC 9562, version 8). */
export function activationIdOf(project: string, key: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([project, key]))
    .digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.subarray(0, 16).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * Begins it, or gives back the one that the same key has begun. Throws a Problem when that is another's, or of
 * something else.
 */
export async function beginOnce({ activations }: RunningGateway, given: NewActivation): Promise<Activation> {
  const activation = await activations.begin(given);
  if (!isSameInvocation(activation, given)) throw problems.idempotencyKeyTaken();
  return activation;
}

function isSameInvocation(held: Activation, given: NewActivation): boolean {
  const fields = ['projectId', 'username', 'agentName', 'serviceName', 'skillName', 'inputName'] as const;
  return fields.every((field) => held[field] === given[field]);
}
