/**
 * Puts `orrery up` in the background: the same command once more, in a session of its own, which this process leaves
 * when it is up. It then ends by `POST /stop` or by a signal to the pid in the ready file.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EndedError } from './ending/ending.ts';

/** The child's mark: it has been detached already, and belongs to nobody. */
const detachedOption = '--detached';

const main = fileURLToPath(new URL(import.meta.url.endsWith('.js') ? './main.js' : './main.ts', import.meta.url));

/** Sent once, when it is up: what it would have printed. */
interface Ready {
  readonly welcome: string;
}

/** Could not be brought up: what it printed, and its exit code. */
export class DetachedError extends Error {
  override readonly name = 'DetachedError';
  readonly exitCode: number;

  constructor(exitCode: number, output: string) {
    super(output.trim().replace(/^orrery: /, '') || `orrery up ended with ${exitCode} before it was up`);
    this.exitCode = exitCode;
  }
}

/**
 * Resolves with what the child says when it is up. Rejects, the child ended, when it does not come up or the signal is
 * aborted.
 */
export function startDetached(parameters: readonly string[], signal: AbortSignal): Promise<string> {
  const child = spawn(process.execPath, [...process.execArgv, main, ...parameters, detachedOption], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    const stop = () => void child.kill('SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    child.stderr?.on('data', (bytes: Buffer) => {
      output += bytes.toString();
    });
    child.once('message', (message) => {
      child.disconnect();
      child.stderr?.destroy();
      child.unref();
      signal.removeEventListener('abort', stop);
      resolve((message as Ready).welcome);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      reject(signal.aborted ? (signal.reason as EndedError) : new DetachedError(code ?? 1, output));
    });
  });
}

/** Tells the process that waits that all is up. */
export function tellReady(welcome: string): void {
  process.send?.({ welcome } satisfies Ready);
  process.disconnect?.();
}
