/**
 * Keys as object names that every S3 server can hold and list. MinIO keeps objects as files: it refuses `..` and empty parts, names longer than
 * 255 bytes, and hides `a/b` behind `a`. So odd characters are written with percent signs, long parts are divided, and files and folders never
 * share a name: a folder with a dot and a file without one end in `~`. Ordinary keys (`tasks/hello-29385720/log.txt`) stay as they are. The name
 * of a prefix begins the names of all keys with that prefix.
 */
import { BlobKeyError } from '../blobs.ts';

/** Bytes of a part after which it is divided; MinIO takes 255. */
const partBytes = 200;
const nameBytesMaximum = 1024;
/** Stands at the end of keys that end in `/`. */
const emptyFile = '%';
/** Stands for a part of a key that is empty. */
const emptyFolder = '%~';
const partBreak = '%/';

/** The name of the key's object; BlobKeyError when it is too long once written. */
export function nameOf(key: string): string {
  const slash = key.lastIndexOf('/');
  const file = key.slice(slash + 1);
  const name = beginningOf(key) + (file === '' ? emptyFile : file.slice(1).includes('.') ? '' : '~');
  if (Buffer.byteLength(name) > nameBytesMaximum) {
    throw new BlobKeyError(key, `needs more than ${nameBytesMaximum} bytes as the name of an S3 object`);
  }
  return name;
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
  let text = '';
  let bytes = 0;
  for (const character of part) {
    const piece =
      /[%~\\\p{Cc}]/u.test(character) || (character === '.' && text === '') ? percent(character) : character;
    bytes += Buffer.byteLength(piece);
    if (bytes > partBytes) {
      text += partBreak;
      bytes = Buffer.byteLength(piece);
    }
    text += piece;
  }
  return text;
}

function percent(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');
}
