/**
 * Keys as paths of files. Segments become folders; what a file system could take amiss (capitals where case is ignored, dots,
 * characters of other alphabets) is written `%XX`; long segments are cut into several folders. An object's entry ends in `@`, which no
 * encoded segment holds, so that `a` and `a/b` can both exist.
 */
const pieceLength = 120;
const entryMark = '@';
const continuationMark = '+';

/** Path of a key's entry below the folder of entries. */
export function entryPath(key: string): string {
  return `${key.split('/').map(encodeSegment).join('/')}${entryMark}`;
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

/** The deepest folder that holds every key with this prefix, below the folder of entries; '' for that folder itself. */
export function folderOfPrefix(prefix: string): string {
  const whole = prefix.split('/').slice(0, -1);
  return whole.map((segment) => `/${encodeSegment(segment)}`).join('');
}

export function isEntry(name: string): boolean {
  return name.endsWith(entryMark);
}
