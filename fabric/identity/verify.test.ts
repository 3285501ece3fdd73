/** Which tokens are believed: every rule of contract 1.4, each with a token that breaks this rule alone. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realRandom } from '../../world/real/random.ts';
import { newSigningKey, type SigningKey, verifyingKey } from './key.ts';
import { defaultAudience, defaultIssuer, usersFile } from './personal-access-token.ts';
import { signToken } from './token.ts';
import { parseUsers, type Users } from './users.ts';
import { type Trust, verifyToken } from './verify.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const nowSeconds = now / 1000;
const random = realRandom.stream('keys');
const [ann, bob, platform] = [newSigningKey(random), newSigningKey(random), newSigningKey(random)];
const users: Users = parseUsers(JSON.stringify({ users: [user('ann', ann, ['p1']), user('bob', bob, ['p2'])] }));
const trust: Trust = { issuer: defaultIssuer, audience: defaultAudience, users, own: platform };
const claims = { sub: 'ann', aud: defaultAudience, iss: defaultIssuer, iat: nowSeconds, exp: nowSeconds + 120 };

function user(username: string, key: SigningKey, projects: readonly string[]): unknown {
  return JSON.parse(usersFile(username, key, projects)).users[0];
}

/** A token with any header, over any claims, signed as told. */
function forged(header: object, body: object, signature: (signed: string) => Uint8Array): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(header)}.${part(body)}`;
  return `${signed}.${Buffer.from(signature(signed)).toString('base64url')}`;
}

const signedBy = (key: SigningKey, header: object, body: object) => forged(header, body, (text) => key.sign(text));

describe('a token is believed', () => {
  const header = { alg: 'EdDSA', kid: ann.kid };
  const good: readonly (readonly [string, string])[] = [
    ['as the SDK makes it', signToken(ann, { ...claims, nbf: nowSeconds, jti: 'x' })],
    ['as the command line makes it, without typ', signedBy(ann, header, claims)],
    ['for an array of audiences', signedBy(ann, header, { ...claims, aud: ['x', defaultAudience] })],
    ['found by its subject, without kid', signedBy(ann, { alg: 'EdDSA' }, claims)],
    ['found by its subject, with a kid of another kind', signedBy(ann, { alg: 'EdDSA', kid: 'laptop' }, claims)],
    ['issued in the future by a clock that is ahead', signedBy(ann, header, { ...claims, iat: nowSeconds + 9_999 })],
    ['not valid before 60 s from now', signedBy(ann, header, { ...claims, nbf: nowSeconds + 60 })],
    ['until the last second', signedBy(ann, header, { ...claims, exp: nowSeconds + 1 })],
  ];
  it.each(good)('%s', (_, token) => {
    expect(verifyToken(token, trust, now)).toMatchObject({ username: 'ann', isOwn: false, project: undefined });
  });
});

describe('a token is refused', () => {
  const header = { alg: 'EdDSA', kid: ann.kid };
  const publicKey = Buffer.from(ann.jwk.x, 'base64url');
  const bad: readonly (readonly [string, string, string])[] = [
    ['malformed token', 'without parts', 'secret'],
    ['malformed token', 'with two parts', 'a.b'],
    ['malformed token', 'of a header that is no JSON', 'e30x.e30.AAAA'],
    ['malformed token', 'larger than 8 KiB', `${'a'.repeat(9000)}.b.c`],
    ['unsupported algorithm', 'alg none', forged({ alg: 'none', kid: ann.kid }, claims, () => new Uint8Array([0]))],
    [
      'unsupported algorithm',
      'HS256 with the public key',
      forged({ alg: 'HS256', kid: ann.kid }, claims, (text) => createHmac('sha256', publicKey).update(text).digest()),
    ],
    [
      'unsupported algorithm',
      'with an extension that must be understood',
      signedBy(ann, { ...header, crit: ['b64'], b64: false }, claims),
    ],
    ['unknown key', 'of nobody', signedBy(ann, header, { ...claims, sub: undefined })],
    ['unknown key', 'of an unknown user', signedBy(ann, header, { ...claims, sub: 'constructor' })],
    ['unknown key', 'in another name', signedBy(ann, header, { ...claims, sub: 'bob' })],
    ['unknown key', 'signed by another, without kid', signedBy(bob, { alg: 'EdDSA' }, claims)],
    ['bad signature', 'signed by another', signedBy(bob, header, claims)],
    ['bad signature', 'signed by a user as the gateway', signedBy(ann, { alg: 'EdDSA', kid: platform.kid }, claims)],
    ['wrong issuer', 'of another issuer', signedBy(ann, header, { ...claims, iss: 'x' })],
    ['wrong audience', 'for another audience', signedBy(ann, header, { ...claims, aud: ['x'] })],
    ['token without expiry', 'without exp', signedBy(ann, header, { ...claims, exp: undefined })],
    ['token without expiry', 'with an exp that is a text', signedBy(ann, header, { ...claims, exp: '9999999999' })],
    ['token expired', 'at its end', signedBy(ann, header, { ...claims, exp: nowSeconds })],
    [
      'token not yet valid',
      'not valid before 61 s from now',
      signedBy(ann, header, { ...claims, nbf: nowSeconds + 61 }),
    ],
  ];
  it.each(bad)('%s: %s', (reason, _, token) => {
    expect(verifyToken(token, trust, now)).toBe(reason);
  });

  it('when any of its bits is another', () => {
    const token = signToken(ann, claims);
    const dots = [...token].flatMap((character, index) => (character === '.' ? [index] : []));
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.nat(63), (at, to) => {
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
        fc.pre(!dots.includes(at) && token[at] !== alphabet[to]);
        const tampered = token.slice(0, at) + alphabet[to] + token.slice(at + 1);
        // The last character of the signature has bits that no byte holds.
        fc.pre(at < token.length - 1);
        expect(verifyToken(tampered, trust, now)).toBeTypeOf('string');
      }),
    );
  });
});

it('a token of the gateway itself opens one project', () => {
  const token = signToken(platform, { ...claims, projectId: 'p1', activationId: 'a' });
  expect(verifyToken(token, trust, now)).toMatchObject({ isOwn: true, project: 'p1', activationId: 'a' });
});

it('a project in the claims of a user means nothing', () => {
  const token = signToken(ann, { ...claims, projectId: 'p2' });
  expect(verifyToken(token, trust, now)).toMatchObject({ isOwn: false, project: undefined });
});

describe('keys', () => {
  it('have the thumbprint of RFC 8037, A.3', () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
    expect(verifyingKey(jwk).thumbprint).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });
});

describe('a token that was believed before', () => {
  const token = signToken(ann, claims);
  const ofJob = signToken(platform, { ...claims, projectId: 'p1' });

  it('still expires, and is held against issuer and audience', () => {
    expect(verifyToken(token, trust, now)).toMatchObject({ username: 'ann' });
    expect(verifyToken(token, trust, now + 120_000)).toBe('token expired');
    expect(verifyToken(token, { ...trust, issuer: 'another' }, now)).toBe('wrong issuer');
    expect(verifyToken(token, trust, now)).toMatchObject({ username: 'ann' });
  });

  it('is believed no more when its user, his key or the gateway’s key is another', () => {
    expect(verifyToken(token, trust, now)).toMatchObject({ username: 'ann' });
    expect(verifyToken(ofJob, trust, now)).toMatchObject({ isOwn: true });
    const others = parseUsers(JSON.stringify({ users: [user('ann', bob, ['p1'])] }));
    expect(verifyToken(token, { ...trust, users: others }, now)).toBe('unknown key');
    expect(verifyToken(ofJob, { ...trust, own: newSigningKey(random) }, now)).toBe('unknown key');
    expect(verifyToken(ofJob, { ...trust, own: undefined as never }, now)).toBe('unknown key');
  });

  it('lends nothing to a token with another signature', () => {
    verifyToken(token, trust, now);
    const [header, body] = token.split('.');
    const other = signToken(bob, claims).split('.')[2];
    expect(verifyToken(`${header}.${body}.${other}`, trust, now)).toBe('bad signature');
  });

  it('is one of many: more than are remembered are judged alike', () => {
    const many = Array.from({ length: 1_100 }, (_, index) => signToken(ann, { ...claims, jti: String(index) }));
    for (const each of [...many, ...many]) expect(verifyToken(each, trust, now)).toMatchObject({ username: 'ann' });
  });
});
