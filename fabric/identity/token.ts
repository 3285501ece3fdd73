/** JSON Web Tokens in their compact form, signed with EdDSA and nothing else (RFC 7519, RFC 8037, contract 1.3). */
import type { SigningKey } from './key.ts';

/** What the clients put into a token. Times are epoch seconds. */
export interface TokenClaims {
  readonly sub: string;
  readonly aud: string | readonly string[];
  readonly iss: string;
  readonly iat?: number;
  readonly nbf?: number;
  readonly exp: number;
}

/** A token taken apart; nothing of it is believed yet. */
export interface ReadToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** What the signature is over. */
  readonly signed: string;
  readonly signature: Uint8Array;
}

/** Larger texts are no token of ours, and are not decoded. */
const lengthMaximum = 8 * 1024;

export function signToken(key: SigningKey, claims: TokenClaims & Readonly<Record<string, unknown>>): string {
  const header = { alg: 'EdDSA', typ: 'JWT', kid: key.kid };
  const signed = `${encoded(header)}.${encoded(claims)}`;
  return `${signed}.${Buffer.from(key.sign(signed)).toString('base64url')}`;
}

/** undefined when the text does not have the form of a token. */
export function readToken(text: string): ReadToken | undefined {
  if (text.length > lengthMaximum) return undefined;
  const parts = text.split('.');
  const [header = '', claims = '', signature = ''] = parts;
  if (parts.length !== 3 || ![header, claims, signature].every(isBase64url)) return undefined;
  const [first, second] = [decoded(header), decoded(claims)];
  if (!first || !second) return undefined;
  return {
    header: first,
    claims: second,
    signed: `${header}.${claims}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

function isBase64url(text: string): boolean {
  return /^[\w-]+$/.test(text);
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decoded(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
