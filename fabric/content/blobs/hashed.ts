/** The checksum of an object, taken while its bytes go by. */
import { createHash } from 'node:crypto';

export interface Hashed {
  readonly source: AsyncIterable<Uint8Array>;
  /** SHA-256 of all bytes, lower-case hexadecimal; asked once, when the source has ended. */
  sha256(): string;
}

export function hashed(source: AsyncIterable<Uint8Array>): Hashed {
  const hash = createHash('sha256');
  async function* passing(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      hash.update(chunk);
      yield chunk;
    }
  }
  return { source: passing(), sha256: () => hash.digest('hex') };
}

/** The tag of bytes with that checksum: the same on every store. */
export function etagOf(sha256: string): string {
  return `"${sha256}"`;
}
