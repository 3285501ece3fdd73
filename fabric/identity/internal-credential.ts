/**
 * The credential of Fabric's own services towards each other: one secret text, sent as a bearer token on internal
 * routes and to managed content. No user has it.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

const shortest = 16;

/** Thrown when a text cannot be the credential. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError';
}

/** The credential, or what `what` says it is, out of a file's text. Throws CredentialError. */
export function parseCredential(text: string, what = 'the internal credential'): string {
  const credential = text.trim();
  if (!/^[\x21-\x7e]+$/.test(credential) || credential.length < shortest) {
    throw new CredentialError(`${what} must be one line of at least ${shortest} visible ASCII characters`);
  }
  return credential;
}

/** Compares in a time that tells nothing of how much was right. */
export function isCredential(given: string, credential: string): boolean {
  return timingSafeEqual(digest(given), digest(credential));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
