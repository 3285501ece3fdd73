/**
 * Tokens of service accounts: signed with the store's own secret, so that they outlive the server. Source: semantics
 * 1.20.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Backend } from '../backend.ts';
import { type ApiObject, isRecord, textAt } from '../json.ts';
import type { Caller } from './caller.ts';

const tableName = 'serviceaccounts';
const minimumSeconds = 600;

interface Claims {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Epoch seconds. */
  readonly exp: number;
}

/** A token that is valid for so many seconds (600 at least). */
export function issueToken(
  backend: Backend,
  account: ApiObject,
  seconds: number,
): { readonly token: string; readonly expiresAt: string } {
  const { namespace = '', name = '', uid = '' } = account.metadata;
  const exp = Math.floor(backend.world.clock.now() / 1000) + Math.max(seconds, minimumSeconds);
  const claims: Claims = { namespace, name, uid, exp };
  const payload = [
    { alg: 'HS256', typ: 'JWT' },
    { ...claims, sub: userName(namespace, name) },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const expiresAt = `${new Date(exp * 1000).toISOString().slice(0, 19)}Z`;
  return { token: `${payload}.${sign(backend, payload)}`, expiresAt };
}

/** Whose token it is; undefined when it is not ours, has expired, or its account is gone. */
export function tokenUser(backend: Backend, token: string): Caller | undefined {
  const [header = '', body = '', signature = ''] = token.split('.');
  const expected = Buffer.from(sign(backend, `${header}.${body}`));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as unknown;
  if (!isRecord(claims) || Number(claims.exp) * 1000 <= backend.world.clock.now()) return undefined;
  const namespace = textAt(claims, 'namespace');
  const name = textAt(claims, 'name');
  const account = backend.store.table(tableName).get(namespace, name)?.object;
  if (account?.metadata.uid !== claims.uid) return undefined;
  return {
    user: userName(namespace, name),
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    uid: textAt(claims, 'uid'),
  };
}

function userName(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

function sign(backend: Backend, payload: string): string {
  return createHmac('sha256', backend.store.secret).update(payload).digest('base64url');
}
