/**
 * Keys as paths of files. Segments become folders; what a file system could take amiss (capitals where case is ignored,
 * dots, characters of other alphabets) is written `%XX`; long segments are cut into several folders. An object's entry
 * ends in `@`, which no encoded segment holds, so that `a` and `a/b` can both exist. A key whose path a file system
 * might find too long is a hash in a folder of its own: the entry itself says what its key is.
 */
import { createHash } from 'node:crypto';

const pieceLength = 120;
/** Linux takes 4,096 bytes of a path, the folder before it included. */
const pathLengthMaximum = 2_000;
/** No encoded segment begins so: `%` is followed by a capital or a digit there, or by nothing. */
export const longKeysFolder = '%long';
const entryMark = '@';
const continuationMark = '+';

/** Path of a key's entry below the folder of entries. */
export function entryPath(key: string): string {
  const path = key.split('/').map(encodeSegment).join('/');
  if (path.length <= pathLengthMaximum) return `${path}${entryMark}`;
  return `${longKeysFolder}/${createHash('sha256').update(key).digest('hex')}${entryMark}`;
}

function encodeSegment(segment: string): string {
  if (segment === '') return '%';
  const bytes = Buffer.from(segment, 'utf8');
  let text = '';
  for (const [index, byte] of bytes.entries()) {
    text += isPlain(byte) && !(index === 0 && byte === 0x2e) ? String.fromCharCode(byte) : escaped(byte);
  }
  return piecesOf(text).join(`${continuationMark}/`);
}

/** a-z 0-9 - . _ */
function isPlain(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2e || byte === 0x5f
  );
}

function escaped(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; start += pieceLength) pieces.push(text.slice(start, start + pieceLength));
  return pieces;
}

/** The folders that hold every key with this prefix, below the folder of entries; '' is that folder itself. */
export function foldersOfPrefix(prefix: string): string[] {
  const whole = prefix.split('/').slice(0, -1);
  if (whole.length === 0) return [''];
  const folder = whole.map((segment) => `/${encodeSegment(segment)}`).join('');
  const long = `/${longKeysFolder}`;
  return folder.length > pathLengthMaximum ? [long] : [folder, long];
}

export function isEntry(name: string): boolean {
  return name.endsWith(entryMark);
}
