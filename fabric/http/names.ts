/** Names and content keys out of requests, checked once and alike by every service that takes them. */
import { isDotSegment } from './path.ts';
import { Problem } from './problem.ts';

const nameLengthMaximum = 253;
const keyBytesMaximum = 1000;

/** The name, decoded, of a project or of a folder of logs: one segment of a path. A Problem (400) when it is none. */
export function checkedName(what: string, name: string): string {
  const isName = name !== '' && name.length <= nameLengthMaximum && !/[/\0]/.test(name) && name.isWellFormed();
  if (isName && !isDotSegment(name)) return name;
  throw new Problem(400, 'invalid-name', `${what} ${shown(name)} is no name`);
}

/**
 * The key, decoded, of an object in managed content: segments between slashes, taken as they are, empty ones too, but
 * without slashes at its beginning, which clients write or leave out (contract 3.11). A Problem (400) when it is no
 * key.
 */
export function checkedKey(text: string): string {
  const key = text.replace(/^\/+/, '');
  if (key === '') throw new Problem(400, 'no-key', 'the request names no content key');
  const fault = keyFault(key);
  if (fault === undefined) return key;
  throw new Problem(400, 'invalid-key', `content key ${shown(key)} ${fault}`);
}

function keyFault(key: string): string | undefined {
  if (Buffer.byteLength(key) > keyBytesMaximum) return `is longer than ${keyBytesMaximum} bytes`;
  if (key.includes('\0')) return 'holds a zero byte';
  if (!key.isWellFormed()) return 'holds half of a surrogate pair';
  if (key.split('/').some(isDotSegment)) return 'has a segment "." or "..", which no URL can carry: name it otherwise';
  return undefined;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
