/**
 * Ed25519 keys as JSON Web Keys (RFC 8037): the users' and the gateway's own. Signing and checking are synchronous, so
 * that they take no turn of the event loop and a simulation needs to count nothing.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { RandomStream } from '../../world/random.ts';

/** The public half, as it stands in a file of users. `kid` is the owner's own name for it. */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  /** 32 bytes in base64url. */
  readonly x: string;
  readonly kid?: string;
}

/** With the private half, as it stands in a personal access token (contract 1.1). */
export interface PrivateJwk extends PublicJwk {
  /** 32 bytes in base64url. */
  readonly d: string;
  readonly kid: string;
}

export interface VerifyingKey {
  readonly thumbprint: string;
  verifies(text: string, signature: Uint8Array): boolean;
}

export interface SigningKey extends VerifyingKey {
  /** `kid` of the tokens that it signs. */
  readonly kid: string;
  readonly jwk: PrivateJwk;
  sign(text: string): Uint8Array;
}

/** Thrown when a document is no Ed25519 key; the message says which member is wrong. */
export class KeyFormatError extends Error {
  override readonly name = 'KeyFormatError';
}

const keyBytes = 32;
const signatureBytes = 64;
/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410, 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A new key; its bytes come from the stream. */
export function newSigningKey(random: RandomStream): SigningKey {
  const d = Buffer.from(Array.from({ length: keyBytes }, () => random.integer(0, 255)));
  const { x } = createPublicKey(privateKeyOf(d)).export({ format: 'jwk' });
  if (x === undefined) throw new KeyFormatError('the public half of an Ed25519 key cannot be had');
  const jwk: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x };
  return signingKey({ ...jwk, d: d.toString('base64url'), kid: thumbprintOf(jwk) });
}

/** The key of a private JWK. Throws KeyFormatError when it is none, or when its halves do not belong together. */
export function signingKey(value: unknown): SigningKey {
  const jwk = checkedPublic(value) as PrivateJwk;
  const key = privateKeyOf(memberBytes(jwk, 'd'));
  if (createPublicKey(key).export({ format: 'jwk' }).x !== jwk.x)
    throw new KeyFormatError('x is not the public half of d');
  const checking = verifyingKey(jwk);
  return {
    ...checking,
    jwk,
    kid: jwk.kid ?? checking.thumbprint,
    sign: (text) => sign(null, Buffer.from(text), key),
  };
}

/** The key of a public JWK; a private half is not looked at. Throws KeyFormatError when it is none. */
export function verifyingKey(value: unknown): VerifyingKey {
  const { kty, crv, x } = checkedPublic(value);
  const key: KeyObject = createPublicKey({ key: { kty, crv, x }, format: 'jwk' });
  return {
    thumbprint: thumbprintOf({ kty, crv, x }),
    verifies: (text, signature) =>
      signature.length === signatureBytes && verify(null, Buffer.from(text), key, signature),
  };
}

/** RFC 7638: SHA-256 of the members that make the key, sorted by name. */
export function thumbprintOf({ kty, crv, x }: PublicJwk): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
}

function privateKeyOf(d: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, d]), format: 'der', type: 'pkcs8' });
}

function checkedPublic(value: unknown): PublicJwk {
  if (typeof value !== 'object' || value === null) throw new KeyFormatError('a key is a JSON object (RFC 7517)');
  const jwk = value as Record<string, unknown>;
  if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519') throw new KeyFormatError('kty must be "OKP" and crv "Ed25519"');
  if (jwk.kid !== undefined && typeof jwk.kid !== 'string') throw new KeyFormatError('kid must be a string');
  memberBytes(jwk, 'x');
  return jwk as unknown as PublicJwk;
}

function memberBytes(jwk: object, member: 'x' | 'd'): Buffer {
  const text: unknown = Object.hasOwn(jwk, member) ? (jwk as Record<string, unknown>)[member] : undefined;
  const bytes = typeof text === 'string' ? Buffer.from(text, 'base64url') : undefined;
  if (bytes?.length !== keyBytes) throw new KeyFormatError(`${member} must be ${keyBytes} bytes in base64url`);
  return bytes;
}
