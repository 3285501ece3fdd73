/** Runs a program that reads what is made as it goes: an archive need not be a file first. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';

export class FeedError extends Error {
  override readonly name = 'FeedError';
  /** The program's last words. */
  readonly stderr: string;

  constructor(program: string, status: number | null, stderr: string, cause: unknown) {
    super(`${program} ended with ${status}: ${stderr.trim() || String(cause)}`, { cause });
    this.stderr = stderr;
  }
}

/** Resolves when the program has read everything and ended with 0; rejects with FeedError. */
export async function feed(
  [program, ...parameters]: readonly [string, ...string[]],
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn(program, parameters, { stdio: ['pipe', 'ignore', 'pipe'], signal });
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const ended = once(child, 'close') as Promise<[number | null]>;
  // A program that ends early breaks the pipe: what it said is the better reason.
  const [fed, exit] = await Promise.allSettled([pipeline(source, child.stdin), ended]);
  const status = exit.status === 'fulfilled' ? exit.value[0] : null;
  const cause = fed.status === 'rejected' ? fed.reason : exit.status === 'rejected' ? exit.reason : undefined;
  if (status !== 0 || cause !== undefined) throw new FeedError(program, status, Buffer.concat(said).toString(), cause);
}
