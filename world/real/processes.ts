/** The machine's child processes: each in a process group of its own, so that what it starts ends with it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { ChildProcess, ProcessExit, Processes, ProcessOptions } from '../processes.ts';

const CANNOT_EXECUTE = 126;
const NOT_FOUND = 127;
const SIGNAL_BASE = 128;

export const realProcesses: Processes = {
  available: true,
  start(command, options): ChildProcess {
    try {
      return startGroup(command, options);
    } catch (error) {
      // Node.js itself refuses some commands: an empty one, or one with NUL in it.
      return { pid: undefined, exited: Promise.resolve(startFailure(error, options)), kill: () => undefined };
    }
  },
};

function startGroup(command: readonly string[], options: ProcessOptions): ChildProcess {
  const [program = '', ...parameters] = command;
  const child = spawn(program, parameters, {
    ...(options.folder === undefined ? {} : { cwd: options.folder }),
    env: { ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const signalGroup = (signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT') => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // The group has ended already.
    }
  };
  deliver(child.stdout, (bytes) => options.onOutput(bytes, 'stdout'));
  deliver(child.stderr, (bytes) => options.onOutput(bytes, 'stderr'));
  let hasEnded = false;
  child.once('exit', () => {
    // Whatever still holds the pipes would keep `close` from coming.
    signalGroup('SIGKILL');
    hasEnded = true;
  });
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('error', (error) => resolve(startFailure(error, options)));
    child.once('close', (code, signal) => resolve(exitOf(code, signal)));
  });
  return {
    pid: child.pid,
    exited,
    // The number of a group that has ended may be another's by now.
    kill: (signal) => {
      if (!hasEnded) signalGroup(signal);
    },
  };
}

/** Reads no more of the stream while its receiver is at work. */
function deliver(stream: Readable, receive: (bytes: Buffer) => void | Promise<void>): void {
  stream.on('data', (bytes: Buffer) => {
    const work = receive(bytes);
    if (!work) return;
    stream.pause();
    const resume = () => void stream.resume();
    work.then(resume, resume);
  });
}

function startFailure(error: unknown, { folder }: ProcessOptions): ProcessExit {
  if (folder !== undefined && !existsSync(folder)) {
    return { exitCode: CANNOT_EXECUTE, startError: `the working folder ${folder} does not exist` };
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return {
    exitCode: code === 'ENOENT' ? NOT_FOUND : CANNOT_EXECUTE,
    startError: error instanceof Error ? error.message : String(error),
    ...(code === undefined ? {} : { startErrorCode: code }),
  };
}

function exitOf(code: number | null, signal: NodeJS.Signals | null): ProcessExit {
  if (signal === null) return { exitCode: code ?? 0 };
  return { exitCode: SIGNAL_BASE + constants.signals[signal], signal };
}
