/**
 * Values of secrets as they are stored: AES-256-GCM by synchronous `node:crypto`, so that a simulation needs to count
 * nothing.
 *
 * The nonce is made of the message (an HMAC with a key of its own), as in SIV modes (RFC 5297): no chance is needed, a
 * nonce comes back only with the same value of the same secret, and a replay seals the same. What that tells a reader
 * of the store: that a secret was saved again with the value that it had.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';

/** Where a secret belongs: a sealed value opens nowhere else. */
export interface SecretPlace {
  readonly project: string;
  readonly key: string;
}

export interface Seal {
  /** The value as text, sealed. */
  close(place: SecretPlace, text: string): string;
  /** Undefined when it was sealed with another key or for another place. */
  open(place: SecretPlace, sealed: string): string | undefined;
}

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** `keyMaterial`: any text that is hard to guess. */
export function sealWith(keyMaterial: string): Seal {
  const derived = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', keyMaterial, 'fabric secrets', purpose, keyBytes));
  const [sealing, noncing] = [derived('sealing'), derived('nonces')];
  return {
    close(place, text) {
      const about = aboutOf(place);
      const nonce = createHmac('sha256', noncing).update(about).update('\0').update(text).digest();
      const iv = nonce.subarray(0, nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', sealing, iv).setAAD(Buffer.from(about));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
    },
    open(place, sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      const tagEnd = nonceBytes + tagBytes;
      if (bytes.length < tagEnd) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(Buffer.from(aboutOf(place))).setAuthTag(bytes.subarray(nonceBytes, tagEnd));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(tagEnd)), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}

function aboutOf({ project, key }: SecretPlace): string {
  return JSON.stringify([project, key]);
}
