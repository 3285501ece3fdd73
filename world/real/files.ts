/** The machine's files. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileNotFoundError, type Files, WrongKindError } from '../files.ts';

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
  async *readStream(path, start = 0, end) {
    if (end !== undefined && end <= start) return;
    const range = end === undefined ? { start } : { start, end: end - 1 };
    try {
      yield* createReadStream(path, { ...range, highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;
    } catch (error) {
      throw translated(error, path);
    }
  },
  async write(path, bytes) {
    await makeFolderOf(path);
    const draft = `${path}.${randomUUID()}.draft`;
    try {
      await writeFile(draft, bytes);
      await translating(path, () => rename(draft, path));
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  },
  async append(path) {
    await makeFolderOf(path);
    const handle = await translating(path, () => open(path, 'a'));
    return {
      write: async (bytes) => {
        await handle.appendFile(bytes);
      },
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
};

async function sizeOf(path: string, handle: FileHandle): Promise<number> {
  const facts = await handle.stat();
  if (facts.isDirectory()) throw new WrongKindError(path, 'folder');
  return facts.size;
}

async function makeFolderOf(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOTDIR' ? new WrongKindError(folder, 'file') : error;
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
  if (codeOf(error) === 'EISDIR') return new WrongKindError(path, 'folder');
  return isMissing(error) ? new FileNotFoundError(path) : error;
}
