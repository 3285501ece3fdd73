/**
 * A lock that the operating system lets go of when its holder ends, kill -9 included: SQLite's own lock on an empty
 * database. Node.js has no `flock`; process ids say nothing where two containers share a volume, each with a process 1
 * of its own. See docs/decisions/0015-locks.md.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type FileLock, LockHeldError } from '../files.ts';
import { makePrivateFile, privateFileMode } from './private.ts';

/** Result code of SQLite when somebody else has the lock: SQLITE_BUSY. */
const busyCode = 5;

/** Takes the lock; LockHeldError when another process, or this one, has it. */
export async function lockFile(path: string, holder: string): Promise<FileLock> {
  // Loaded here alone: most programs lock nothing.
  const { DatabaseSync: Database } = await import('node:sqlite');
  makePrivateFile(path);
  const database = new Database(path);
  try {
    // The journal in memory: no second file beside it. The database stays empty.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw isBusy(error) ? new LockHeldError(path, await holderOf(path)) : error;
  }
  const since = new Date().toISOString();
  await writeFile(noteOf(path), `${holder}, process ${process.pid} on ${hostname()}, since ${since}`, {
    mode: privateFileMode,
  });
  return {
    release: async () => {
      if (database.isOpen) database.close();
    },
  };
}

/** The note decides nothing: it may be that of an earlier holder for an instant, or missing. */
async function holderOf(path: string): Promise<string> {
  return readFile(noteOf(path), 'utf8').catch(() => 'another process');
}

function noteOf(path: string): string {
  return `${path}.holder`;
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === busyCode;
}
