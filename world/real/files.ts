/** The machine's files. What is made here is for this user alone. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DiskFullError, FileNotFoundError, type Files, WrongKindError } from '../files.ts';
import { lockFile } from './file-lock.ts';
import { privateFileMode, privateFolderMode } from './private.ts';
import { readInPassing } from './read-in-passing.ts';

const CHUNK_BYTES = 65_536;
/** What `write` has not finished: beside its file, never listed. */
const DRAFT = /\.[0-9a-f-]{36}\.draft$/;

export const realFiles: Files = {
  async read(path, start = 0, end) {
    const handle = await translating(path, () => open(path, 'r'));
    try {
      const last = Math.min(end ?? Number.POSITIVE_INFINITY, await sizeOf(path, handle));
      const buffer = Buffer.alloc(Math.max(0, last - start));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  },
  async *readStream(path, start = 0, end = Number.POSITIVE_INFINITY, inPassing = false) {
    if (end <= start) return;
    const range = { start, end: end - 1 };
    try {
      if (inPassing) yield* readInPassing(path, start, end);
      else yield* createReadStream(path, { ...range, highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;
    } catch (error) {
      throw translated(error, path);
    }
  },
  async write(path, bytes) {
    await makeFolderOf(path);
    const draft = `${path}.${randomUUID()}.draft`;
    try {
      await translating(path, () => writeFile(draft, bytes, { mode: privateFileMode }));
      await translating(path, () => rename(draft, path));
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  },
  async append(path) {
    await makeFolderOf(path);
    const handle = await translating(path, () => open(path, 'a', privateFileMode));
    if (((await handle.stat()).mode & 0o077) !== 0) await handle.chmod(privateFileMode).catch(unlessForeign);
    return {
      write: (bytes) => translating(path, () => handle.appendFile(bytes)),
      close: () => handle.close(),
    };
  },
  async status(path) {
    try {
      const facts = await stat(path);
      return {
        kind: facts.isDirectory() ? 'folder' : 'file',
        sizeBytes: facts.isDirectory() ? 0 : facts.size,
        modifiedAt: Math.floor(facts.mtimeMs),
      };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  async list(folder) {
    try {
      return (await readdir(folder)).filter((name) => !DRAFT.test(name)).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  },
  async makeFolder(path) {
    await makeFolderOf(`${path}/.`);
  },
  async rename(from, to) {
    if (!(await realFiles.status(from))) throw new FileNotFoundError(from);
    await makeFolderOf(to);
    await translating(to, () => rename(from, to));
  },
  async remove(path) {
    await rm(path, { recursive: true, force: true });
  },
  async sync(path) {
    const handle = await translating(path, () => open(path, 'r'));
    try {
      await translating(path, () => handle.sync());
    } finally {
      await handle.close();
    }
  },
  async lock(path, holder) {
    await makeFolderOf(path);
    return lockFile(path, holder);
  },
};

/** A file of somebody else keeps the rights that he gave it. */
function unlessForeign(error: unknown): void {
  if (codeOf(error) !== 'EPERM') throw error;
}

async function sizeOf(path: string, handle: FileHandle): Promise<number> {
  const facts = await handle.stat();
  if (facts.isDirectory()) throw new WrongKindError(path, 'folder');
  return facts.size;
}

async function makeFolderOf(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await mkdir(folder, { recursive: true, mode: privateFolderMode });
  } catch (error) {
    const isFile = codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOTDIR';
    throw isFile ? new WrongKindError(folder, 'file') : translated(error, folder);
  }
}

async function translating<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw translated(error, path);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}

function translated(error: unknown, path: string): unknown {
  if (codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT') return new DiskFullError(path, error);
  if (codeOf(error) === 'EISDIR') return new WrongKindError(path, 'folder');
  return isMissing(error) ? new FileNotFoundError(path) : error;
}
