/**
 * Keys as object names that every S3 server can hold and list. MinIO keeps objects as files: it refuses `..` and empty
 * parts, names longer than 255 bytes, and hides `a/b` behind `a`. So odd characters are written with percent signs,
 * long parts are divided, and files and folders never share a name: a folder with a dot and a file without one end in
 * `~`. Ordinary keys (`tasks/hello-29385720/log.txt`) stay as they are. The name of a prefix begins the names of all
 * keys with that prefix. Only a key whose name would be too long is a hash, and a note says whose it is.
 */
import { createHash } from 'node:crypto';

/** Bytes of a part after which it is divided; MinIO takes 255. */
const partBytes = 200;
/** S3 takes 1,024, the prefix of the address included. */
const nameBytesMaximum = 800;
/** Before the objects of keys that are too long, and before the notes that hold those keys. */
const longFolder = '%long/';
export const notesFolder = '%keys/';
/** Stands at the end of keys that end in `/`. */
const emptyFile = '%';
/** Stands for a part of a key that is empty. */
const emptyFolder = '%~';
const partBreak = '%/';

/** The name of the key's object. */
export function nameOf(key: string): string {
  const name = plainName(key);
  return fits(name) ? name : `${longFolder}${hashOf(key)}~`;
}

/** Name of the note that holds the key, when the name of its object does not say it. */
export function noteOf(key: string): string | undefined {
  return fits(plainName(key)) ? undefined : `${notesFolder}${hashOf(key)}`;
}

/**
 * True for objects that stand for no key of their own: in names of keys `%` is followed by a digit, a capital or a
 * mark.
 */
export function isInternal(name: string): boolean {
  return /^%[a-z]/.test(name);
}

function plainName(key: string): string {
  const file = key.slice(key.lastIndexOf('/') + 1);
  return beginningOf(key) + (file === '' ? emptyFile : file.slice(1).includes('.') ? '' : '~');
}

/** False for a name, or the beginning of one, that no object has. */
export function fits(name: string): boolean {
  return Buffer.byteLength(name) <= nameBytesMaximum;
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** What the names of all keys with that prefix begin with. */
export function beginningOf(prefix: string): string {
  const parts = prefix.split('/');
  const last = parts.pop() ?? '';
  const folders = parts.map((part) => `${part === '' ? emptyFolder : folderName(part)}/`);
  return folders.join('') + written(last);
}

/** Turns `nameOf` around. */
export function keyOf(name: string): string {
  return name
    .replaceAll(partBreak, '')
    .split('/')
    .map((part) => decodeURIComponent(part.replace(/%?~$|%$/, '')))
    .join('/');
}

function folderName(part: string): string {
  return written(part) + (part.slice(1).includes('.') ? '~' : '');
}

function written(part: string): string {
  const pieces: string[] = [];
  let piece = '';
  let bytes = 0;
  for (const character of part) {
    const safe = /[%~\\\p{Cc}]/u.test(character) ? percent(character) : character;
    if (bytes + Buffer.byteLength(safe) > partBytes) {
      pieces.push(piece);
      piece = '';
      bytes = 0;
    }
    // A piece is a part of the name too: none may be `.` or `..`.
    const added = safe === '.' && piece === '' ? percent(safe) : safe;
    piece += added;
    bytes += Buffer.byteLength(added);
  }
  return [...pieces, piece].join(partBreak);
}

function percent(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');
}
