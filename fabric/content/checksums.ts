/**
 * Checksums that a client names for what it sends: `Content-MD5` (RFC 1864), `Content-Digest` and `Repr-Digest` (RFC
 * 9530), and the `x-amz-checksum-...` of S3's clients. A wrong one breaks the upload, so that nothing is stored.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { checksumHeaders, Problem } from '../http/index.ts';

type Headers = Readonly<Record<string, string>>;

/** One checksum, as it is taken. */
interface Sum {
  update(chunk: Uint8Array): void;
  digest(): Buffer;
}

interface Named {
  /** For messages: `Content-Digest: sha-256`. */
  readonly name: string;
  readonly expected: Buffer;
  readonly sum: Sum;
}

/** Names of RFC 9530, and those of S3. */
const sums: ReadonlyMap<string, () => Sum> = new Map([
  ['sha-256', () => createHash('sha256')],
  ['sha-512', () => createHash('sha512')],
  ['sha256', () => createHash('sha256')],
  ['sha1', () => createHash('sha1')],
  ['sha', () => createHash('sha1')],
  ['md5', () => createHash('md5')],
  ['crc32', newCrc32],
]);

const bytesOf: ReadonlyMap<string, number> = new Map([
  ['sha-256', 32],
  ['sha-512', 64],
  ['sha256', 32],
  ['sha1', 20],
  ['sha', 20],
  ['md5', 16],
  ['crc32', 4],
]);

/**
 * The same bytes; ends with a Problem (400) unless they have every checksum that the headers name. A header that cannot
 * be read is one at once.
 */
export function checked(headers: Headers, source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const named = checksumHeaders.flatMap((header) => namedIn(header, headers[header]));
  return named.length === 0 ? source : passing(named, source);
}

async function* passing(named: readonly Named[], source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    for (const { sum } of named) sum.update(chunk);
    yield chunk;
  }
  for (const { name, expected, sum } of named) {
    const actual = sum.digest();
    if (actual.equals(expected)) continue;
    const [shown, said] = [actual, expected].map((bytes) => bytes.toString('base64'));
    throw new Problem(
      400,
      'wrong-checksum',
      `what came has ${name} ${shown}, not ${said}: nothing was stored, send it again`,
    );
  }
}

function namedIn(header: string, value: string | undefined): Named[] {
  if (value === undefined) return [];
  if (header === 'content-md5') return [namedSum(header, 'md5', value)];
  if (header.startsWith('x-amz-')) return [namedSum(header, header.slice('x-amz-checksum-'.length), value)];
  const all = value.split(',').map((member) => {
    const [, algorithm, base64] = /^\s*([a-z*][a-z0-9_.*-]*)\s*=\s*:([^:]*):\s*$/.exec(member) ?? [];
    if (algorithm === undefined || base64 === undefined) throw unreadable(header, member.trim());
    return { algorithm, base64 };
  });
  // What a server does not know may stand beside what it knows (RFC 9530 2).
  const known = all.filter(({ algorithm }) => sums.has(algorithm));
  if (known.length === 0) throw unknownAlgorithm(header, all.map(({ algorithm }) => algorithm).join(', '));
  return known.map(({ algorithm, base64 }) => namedSum(header, algorithm, base64));
}

function namedSum(header: string, algorithm: string, base64: string): Named {
  const sum = sums.get(algorithm);
  if (!sum) throw unknownAlgorithm(header, algorithm);
  const expected = Buffer.from(base64.trim(), 'base64');
  const isBase64 = expected.toString('base64').replace(/=+$/, '') === base64.trim().replace(/=+$/, '');
  if (!isBase64 || expected.length !== bytesOf.get(algorithm)) throw unreadable(header, base64);
  return { name: `${header}: ${algorithm}`, expected, sum: sum() };
}

function newCrc32(): Sum {
  let value = 0;
  return {
    update: (chunk) => {
      value = crc32(chunk, value);
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    },
  };
}

function unknownAlgorithm(header: string, algorithm: string): Problem {
  const message = `${header} names ${JSON.stringify(algorithm)}: sha-256, sha-512, sha1, md5 and crc32 can be checked here`;
  return new Problem(400, 'unknown-checksum', message);
}

function unreadable(header: string, text: string): Problem {
  return new Problem(400, 'malformed-checksum', `${header} cannot be read: ${JSON.stringify(text.slice(0, 80))}`);
}
