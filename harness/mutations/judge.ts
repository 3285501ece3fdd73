/** Plays scenarios against a mutation, in a process of their own, and says which sentence has found it. */
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutation } from './mutation.ts';
import type { PlayedLine } from './play-until-false.ts';

const entryPoint = fileURLToPath(new URL('./play-until-false.ts', import.meta.url));
const preload = new URL('./register.ts', import.meta.url).href;

/** A broken program may run for ever. Real time, ms. */
const deadlineMs = 300_000;

export interface MutationResult {
  readonly mutation: Mutation;
  /** The scenario and the sentence that found it; undefined when nothing did. */
  readonly caught: PlayedLine | undefined;
  /** All plays, in order. */
  readonly played: readonly PlayedLine[];
  /** What the process said as it failed; empty when it ended by itself. */
  readonly trouble: string;
  /** Real time, ms. */
  readonly tookMs: number;
}

/** Breaks the program by the mutation and plays its scenarios until one of them says false. */
export async function judgeMutation(mutation: Mutation): Promise<MutationResult> {
  const options = ['--import', preload];
  const begun = performance.now();
  const { played, trouble } = await playInProcess(options, mutation.caughtBy, { ORRERY_MUTATION: mutation.name });
  const caught = played.find(({ verdict }) => verdict === 'false');
  return { mutation, caught, played, trouble, tookMs: performance.now() - begun };
}

/** The control: the same scenarios, nothing broken. Resolves with those that did not pass. */
export async function playUnbroken(scenarios: readonly string[]): Promise<{ failed: PlayedLine[]; trouble: string }> {
  const { played, trouble } = await playInProcess([], scenarios, {});
  const missing = scenarios.length - played.length;
  const failed = played.filter(({ verdict }) => verdict !== 'true');
  return { failed, trouble: missing > 0 && failed.length === 0 ? `${missing} were not played: ${trouble}` : trouble };
}

async function playInProcess(
  options: readonly string[],
  scenarios: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<{ played: PlayedLine[]; trouble: string }> {
  // Sources are prepared once for all processes.
  const cache = { NODE_COMPILE_CACHE: join(tmpdir(), 'orrery-mutations-cache') };
  const child = spawn(process.execPath, ['--no-warnings', ...options, entryPoint, ...scenarios], {
    env: { ...process.env, ...cache, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-2000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  const played = lines.map((line) => JSON.parse(line) as PlayedLine);
  const ended = code === null ? `ended after ${deadlineMs / 1000} s` : `ended with ${code}`;
  return { played, trouble: code === 0 ? '' : `${ended}: ${errors.trim()}` };
}
