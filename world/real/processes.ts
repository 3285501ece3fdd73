/** The machine's child processes: each in a process group of its own, so that what it starts ends with it. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { ChildProcess, ProcessExit, Processes } from '../processes.ts';

const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

export const realProcesses: Processes = {
  available: true,
  start(command, options): ChildProcess {
    const [program = '', ...parameters] = command;
    const child = spawn(program, parameters, {
      ...(options.folder === undefined ? {} : { cwd: options.folder }),
      env: { ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    child.stdout.on('data', (bytes: Buffer) => options.onOutput(bytes, 'stdout'));
    child.stderr.on('data', (bytes: Buffer) => options.onOutput(bytes, 'stderr'));
    const exited = new Promise<ProcessExit>((resolve) => {
      child.once('error', (error) => resolve(startFailure(error)));
      child.once('close', (code, signal) => resolve(exitOf(code, signal)));
    });
    return {
      pid: child.pid,
      exited,
      kill(signal) {
        if (child.pid === undefined) return;
        try {
          process.kill(-child.pid, signal);
        } catch {
          // The group has ended already.
        }
      },
    };
  },
};

function startFailure(error: Error): ProcessExit {
  const missing = 'code' in error && error.code === 'ENOENT';
  return { exitCode: missing ? NOT_FOUND : NOT_EXECUTABLE, startError: error.message };
}

function exitOf(code: number | null, signal: NodeJS.Signals | null): ProcessExit {
  if (signal === null) return { exitCode: code ?? 0 };
  return { exitCode: 128 + constants.signals[signal], signal };
}
