/** Writes ustar archives: plain files, folders and links, with the same bytes for the same entries. */
import { createReadStream } from 'node:fs';

export type TarEntry = TarFolder | TarFile;

interface TarFolder {
  readonly kind: 'folder';
  /** Relative, without a slash at either end; at most 100 bytes. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  /** Numeric owner and group; root when absent. */
  readonly owner?: number;
}

interface TarFile {
  readonly kind: 'file';
  readonly path: string;
  readonly mode: number;
  readonly owner?: number;
  readonly source: TarSource;
}

/** Bytes, a file of this machine with its size, or what comes from elsewhere and how much that is. */
type TarSource =
  | Uint8Array
  | { readonly file: string; readonly bytes: number }
  | { readonly open: () => AsyncIterable<Uint8Array>; readonly bytes: number };

export class TarPathError extends Error {
  override readonly name = 'TarPathError';

  constructor(path: string) {
    super(`${path} does not fit into a tar header: at most ${PATH_BYTES_MAX} bytes`);
  }
}

const BLOCK_BYTES = 512;
const PATH_BYTES_MAX = 100;
/** Offset and length of the checksum in a header (POSIX.1-1988, ustar). */
const CHECKSUM_OFFSET = 148;
const CHECKSUM_BYTES = 8;

/** The archive's bytes, in order. */
export async function* tar(entries: Iterable<TarEntry>): AsyncGenerator<Uint8Array> {
  for (const entry of entries) {
    yield header(entry);
    if (entry.kind === 'folder') continue;
    yield* chunksOf(entry.source);
    yield Buffer.alloc(paddingOf(sizeOf(entry)));
  }
  yield Buffer.alloc(2 * BLOCK_BYTES);
}

function chunksOf(source: TarSource): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  if (source instanceof Uint8Array) return [source];
  if ('open' in source) return source.open();
  return createReadStream(source.file, { highWaterMark: 1024 * 1024 });
}

function header(entry: TarEntry): Buffer {
  const path = entry.kind === 'folder' ? `${entry.path}/` : entry.path;
  if (Buffer.byteLength(path) > PATH_BYTES_MAX) throw new TarPathError(path);
  const owner = entry.owner ?? 0;
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(path, 0);
  block.write(octal(entry.mode, 8), 100);
  block.write(octal(owner, 8), 108);
  block.write(octal(owner, 8), 116);
  block.write(octal(sizeOf(entry), 12), 124);
  block.write(octal(0, 12), 136);
  block.fill(' ', CHECKSUM_OFFSET, CHECKSUM_OFFSET + CHECKSUM_BYTES);
  block.write(entry.kind === 'folder' ? '5' : '0', 156);
  block.write('ustar\0' + '00', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 7)}\0 `, CHECKSUM_OFFSET);
  return block;
}

/** Digits of a header's field of so many bytes, the last of them zero. */
function octal(value: number, bytes: number): string {
  return value.toString(8).padStart(bytes - 1, '0');
}

function sizeOf(entry: TarEntry): number {
  if (entry.kind === 'folder') return 0;
  return entry.source instanceof Uint8Array ? entry.source.length : entry.source.bytes;
}

function paddingOf(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
}
