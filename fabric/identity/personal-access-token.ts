/**
 * The file with which the clients are configured (contract 1.1). It holds the user's private key: write it with mode
 * 600.
 */
import type { PrivateJwk, PublicJwk, SigningKey } from './key.ts';
import { signToken } from './token.ts';

export interface PersonalAccessToken {
  /** Base URL of the gateway, without a slash at its end. */
  readonly url: string;
  readonly username: string;
  readonly issuer: string;
  readonly audience: string;
  readonly jwk: PrivateJwk;
}

/** What all samples of the field have. */
export const defaultIssuer = 'cognitivescale.com';
export const defaultAudience = 'cortex';

export function personalAccessToken(url: string, username: string, key: SigningKey): PersonalAccessToken {
  return { url, username, issuer: defaultIssuer, audience: defaultAudience, jwk: key.jwk };
}

/** The file of users that knows this one user (`users.ts`). */
export function usersFile(username: string, key: SigningKey, projects: readonly string[]): string {
  const { kty, crv, x, kid } = key.jwk;
  const jwk: PublicJwk = { kty, crv, x, kid };
  return `${JSON.stringify({ users: [{ username, keys: [jwk], projects }] }, null, 2)}\n`;
}

/** A token of the file's user, signed with its key, from `now` (epoch ms) on. */
export function bearerToken(
  { username: sub, audience: aud, issuer: iss }: PersonalAccessToken,
  key: SigningKey,
  now: number,
  lifetimeMs: number,
): string {
  const iat = Math.floor(now / 1000);
  return signToken(key, { sub, aud, iss, iat, exp: iat + Math.ceil(lifetimeMs / 1000) });
}

/** Whether a document has what a client needs; its key is not looked at. */
export function isTokenFile(value: unknown): value is PersonalAccessToken {
  if (typeof value !== 'object' || value === null) return false;
  const { url, username, issuer, audience, jwk } = value as Record<string, unknown>;
  const texts = [url, username, issuer, audience];
  return texts.every((text) => typeof text === 'string' && text !== '') && typeof jwk === 'object' && jwk !== null;
}
