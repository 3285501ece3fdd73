/**
 * Kubernetes' own end-to-end tests, `e2e.test`, as a program of this machine: what it has, and one of its tests played.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { failedSetUp, readTests, type TestReport } from './junit.ts';

/** Job and CronJob, and API machinery. */
const FOCUS = String.raw`\[sig-(?:apps\] (?:Job|CronJob) |api-machinery\] ).*\[Conformance\]`;
const LIST_DEADLINE_MS = 120_000;
/**
 * What a test that is out of time is given to end, then what its clean-up is given; both before the program is killed.
 */
const GRACE_MS = 10_000;
const LAST_WORDS_MS = 60_000;

/** Names of all conformance tests of Job, CronJob and API machinery, sorted. */
export async function listTests(program: string): Promise<string[]> {
  const parameters = ['--ginkgo.dry-run', '--provider=skeleton', `--ginkgo.focus=${FOCUS}`];
  const { tests, output } = await runProgram(program, parameters, LIST_DEADLINE_MS);
  if (tests.length === 0) throw new Error(`${program} lists no tests:\n${output.slice(-2000)}`);
  return tests.map(({ name }) => name).sort();
}

export interface PlayOptions {
  readonly program: string;
  readonly kubeconfig: string;
  readonly name: string;
  readonly deadlineMs: number;
  /** Where its output goes. */
  readonly log: string;
}

export type PlayedTest = TestReport & { readonly durationMs: number };

/** Plays one test by its full name. What keeps it from being played is its failure. */
export async function playTest({ program, kubeconfig, name, deadlineMs, log }: PlayOptions): Promise<PlayedTest> {
  const began = Date.now();
  const parameters = [
    ...[`--kubeconfig=${kubeconfig}`, '--provider=skeleton', '--kube-api-content-type=application/json'],
    ...['--disable-log-dump', `--ginkgo.focus=${escaped(name)}`, `--ginkgo.timeout=${deadlineMs}ms`],
    ...[`--ginkgo.grace-period=${GRACE_MS}ms`, '--ginkgo.v'],
  ];
  const { tests, setUp, output } = await runProgram(program, parameters, deadlineMs + LAST_WORDS_MS, log);
  const durationMs = Date.now() - began;
  const test = tests.find((each) => each.name === name);
  if (test) return { ...test, durationMs };
  return { name, passed: false, failure: setUp ?? `was not played: ${output.slice(-500)}`, durationMs };
}

interface ProgramRun {
  readonly tests: readonly TestReport[];
  readonly setUp: string | undefined;
  /** The end of it. */
  readonly output: string;
}

/** Runs it to its end, or kills it at the deadline. */
async function runProgram(
  program: string,
  parameters: string[],
  deadlineMs: number,
  log?: string,
): Promise<ProgramRun> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-conformance-'));
  try {
    const output = await outputOf(
      program,
      [...parameters, '--ginkgo.no-color', `--report-dir=${folder}`],
      deadlineMs,
      log,
    );
    const report = join(folder, 'junit_01.xml');
    const xml = existsSync(report) ? readFileSync(report, 'utf8') : '';
    return { tests: readTests(xml), setUp: failedSetUp(xml), output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const TAIL_CHARACTERS = 4_000;

const running = new Set<ChildProcess>();

/** Kills what is being played at the moment. */
export function endTests(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** The end of what it writes; all of it goes to the log. */
async function outputOf(program: string, parameters: string[], deadlineMs: number, log?: string): Promise<string> {
  if (log !== undefined) mkdirSync(dirname(log), { recursive: true });
  const file = log === undefined ? undefined : createWriteStream(log);
  const child = spawn(program, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
  let tail = '';
  const take = (bytes: Buffer) => {
    file?.write(bytes);
    tail = (tail + bytes.toString('utf8')).slice(-TAIL_CHARACTERS);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  try {
    // It exits with 1 when a test fails: the report says which.
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', () => resolve());
    });
  } finally {
    clearTimeout(timer);
    running.delete(child);
    file?.end();
    if (file) await finished(file);
  }
  return tail;
}

function escaped(name: string): string {
  return name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
