/** Whoever must not get in anywhere: each with what he shows. For tests, and for the table of routes. */
import { createHmac, createPublicKey } from 'node:crypto';
import { signToken } from '../../identity/token.ts';
import { claimsOf, keys, startAt, tokenOf } from './access.fixture.ts';

export interface Stranger {
  readonly who: string;
  readonly authorization: string | undefined;
}

const valid = tokenOf('ann');
const [, claims = '', signature = ''] = valid.split('.');
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signed by HMAC with something that everybody may know of Ann's key. */
function hmacToken(secret: string | Buffer): string {
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT', kid: keys.ann.kid })}.${claims}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

const { kty, crv, x } = keys.ann.jwk;
const publicPem = createPublicKey({ key: { kty, crv, x }, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
const none = encoded({ alg: 'none', typ: 'JWT', kid: keys.ann.kid });

const bearers: readonly (readonly [string, string | undefined])[] = [
  ['no token', undefined],
  ['an expired token', tokenOf('ann', { exp: startAt / 1000 - 1 })],
  ['a token without exp', tokenOf('ann', { exp: undefined })],
  ['a token that is not valid yet', tokenOf('ann', { nbf: startAt / 1000 + 3600 })],
  ['a token for another audience', tokenOf('ann', { aud: 'others' })],
  ['a token of another issuer', tokenOf('ann', { iss: 'others' })],
  ['a token with another user’s key', signToken(keys.bob, claimsOf('ann'))],
  ['a token with nobody’s key', signToken(keys.stranger, claimsOf('ann'))],
  ['a token with alg none', `${none}.${claims}.`],
  ['a token with alg none and a signature', `${none}.${claims}.${signature}`],
  ['HS256 with the public key', hmacToken(Buffer.from(x, 'base64url'))],
  ['HS256 with the public key as text', hmacToken(x)],
  ['HS256 with the public key as PEM', hmacToken(publicPem)],
  ['changed claims', `${valid.split('.')[0]}.${encoded({ ...claimsOf('bob') })}.${signature}`],
  ['a changed signature', `${valid.slice(0, -4)}AAAA`],
  ['another word', 'constructor'],
];

/** Nobody of these is known at all. */
export const strangers: readonly Stranger[] = bearers.map(([who, bearer]) => ({
  who,
  authorization: bearer === undefined ? undefined : `Bearer ${bearer}`,
}));
