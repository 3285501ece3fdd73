/** The machine's files. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileNotFoundError, type Files } from '../files.ts';

const CHUNK_BYTES = 65_536;

export const realFiles: Files = {
  async read(path, start = 0, end) {
    const handle = await opened(path);
    try {
      const last = Math.min(end ?? Number.POSITIVE_INFINITY, (await handle.stat()).size);
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
    await mkdir(dirname(path), { recursive: true });
    const draft = `${path}.${randomUUID()}.draft`;
    await writeFile(draft, bytes);
    await rename(draft, path);
  },
  async append(path) {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, 'a');
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
        sizeBytes: facts.size,
        modifiedAt: Math.floor(facts.mtimeMs),
      };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  async list(folder) {
    try {
      return (await readdir(folder)).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  },
  async rename(from, to) {
    await mkdir(dirname(to), { recursive: true });
    try {
      await rename(from, to);
    } catch (error) {
      throw translated(error, from);
    }
  },
  async remove(path) {
    await rm(path, { recursive: true, force: true });
  },
};

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw translated(error, path);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function translated(error: unknown, path: string): unknown {
  return isMissing(error) ? new FileNotFoundError(path) : error;
}
