/**
 * Files and folders for this user alone, whatever the umask: what services keep (records, content, tokens) is nobody
 * else's to read. What was there before with wider rights gets these, too, if it is this user's.
 */

import { randomUUID } from 'node:crypto';
import { chmodSync, closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';

export const privateFileMode = 0o600;
export const privateFolderMode = 0o700;

/** Makes the folder, and those above it, when missing. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: privateFolderMode });
  narrow(path, privateFolderMode);
}

/** Makes the file, empty, when missing. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', privateFileMode));
  narrow(path, privateFileMode);
}

/** Takes from others what they may do with a file, if it is there. */
export function narrowFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })) narrow(path, privateFileMode);
}

/**
 * Writes the text into a file that nobody else could have opened before. What is there is replaced at once and whole;
 * only what is no file, such as a pipe, is written to.
 */
export function writePrivateFile(path: string, text: string): void {
  const present = statSync(path, { throwIfNoEntry: false });
  if (present && !present.isFile()) return writeTo(path, 'w', text);
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    writeTo(draft, 'wx', text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function writeTo(path: string, flags: 'w' | 'wx', text: string): void {
  const file = openSync(path, flags, privateFileMode);
  try {
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
  if (flags === 'wx') chmodSync(path, privateFileMode);
}

/** What belongs to somebody else (a volume of a pod) has the rights that he gave it. */
function narrow(path: string, mode: number): void {
  const { uid, mode: present } = statSync(path);
  if (uid === process.getuid?.() && (present & 0o777) !== mode) chmodSync(path, mode);
}
