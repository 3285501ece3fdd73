/** The two servers that are compared, each in processes of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Programs, startRealServer } from '../../harness/fidelity/exchanges/real-server.ts';
import type { Target } from './target.ts';

/** In the order of the table's columns. */
export const sideNames = ['simulated', 'real'] as const;
export type SideName = (typeof sideNames)[number];

export interface Side {
  readonly name: SideName;
  readonly target: Target;
  /** Resident memory of all its processes, bytes. */
  residentBytes(): number;
  /** Time of processors that they have used, ms, in steps of 10. */
  processorMs(): number;
  stop(): Promise<void>;
}

/** Both, ready for requests. `execArguments` go to Node.js for the simulated one (`--cpu-prof`). */
export async function startSides(programs: Programs, execArguments: readonly string[] = []): Promise<Side[]> {
  const simulated = await startSimulated(execArguments);
  try {
    return [simulated, await startReal(programs)];
  } catch (error) {
    await simulated.stop();
    throw error;
  }
}

/** The simulated one alone. */
export async function startSimulated(execArguments: readonly string[] = []): Promise<Side> {
  const program = fileURLToPath(new URL('serve.ts', import.meta.url));
  const child = spawn(process.execPath, [...execArguments, program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const target = JSON.parse(await firstLine(child)) as Target;
  const stop = () =>
    new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.stdin.end();
    });
  return { name: 'simulated', target, ...usage([child.pid ?? 0]), stop };
}

async function startReal(programs: Programs): Promise<Side> {
  const { url, token, stop, processes } = await startRealServer(programs);
  return { name: 'real', target: { url, token }, ...usage(processes), stop };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) return reject(new Error('the server has no output'));
    createInterface(child.stdout).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the simulated server ended at its start with code ${code}`)));
  });
}

/** What the processes use, as Linux tells it. */
function usage(processes: readonly number[]): Pick<Side, 'residentBytes' | 'processorMs'> {
  const sum = (read: (id: number) => number) => () => processes.reduce((total, id) => total + read(id), 0);
  return { residentBytes: sum(residentBytes), processorMs: sum(processorMs) };
}

function residentBytes(id: number): number {
  const status = readFileSync(`/proc/${id}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** A tick of /proc is 10 ms on all Linux machines. */
const TICK_MS = 10;

function processorMs(id: number): number {
  const text = readFileSync(`/proc/${id}/stat`, 'utf8');
  // Behind the program's name, which may hold blanks: the state, and from the 12th on the times of user and system.
  const [user = 0, system = 0] = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) * TICK_MS;
}
