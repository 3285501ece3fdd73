/**
 * Large logs through the whole of Fabric, for real: a Task each whose actor writes SIZE, shipped by the operator while
 * it runs, stored by managed content, read back and verified line by line.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LogVerdict, LogVerifier } from '../../fixtures/actor/verify.ts';
import type { LogCluster } from './cluster.ts';
import { logBytes } from './own-upload.ts';
import type { LogServices, ServiceMemory, ServiceName, ServiceWork } from './services.ts';

const PROJECT = 'logs';
const POLL_MS = 100;

export interface LogRunOptions {
  readonly cluster: LogCluster;
  readonly services: LogServices;
  readonly sizeBytes: number;
  /** So many Tasks at once. */
  readonly jobs: number;
  /** For one job from its creation to its whole log, ms. */
  readonly deadlineMs: number;
}

export interface MissingPart {
  readonly afterLine: number;
  readonly reason: string;
  readonly bytes?: number;
}

export interface JobLog {
  readonly task: string;
  /** From the creation of the Task to the ledger that says what is there, ms. */
  readonly durationMs: number;
  readonly storedBytes: number;
  readonly storedLines: number;
  /** What the ledger says. */
  readonly complete: boolean;
  readonly missing: readonly MissingPart[];
  /** True when the stored bytes are the written ones. */
  readonly isWhole: boolean;
  /** What reading the stored log line by line says. */
  readonly verdict: LogVerdict;
}

export interface LogRun {
  readonly durationMs: number;
  readonly jobs: readonly JobLog[];
  readonly idle: ServiceMemory;
  readonly largest: ServiceMemory;
  /** From the creation of the Tasks to the last ledger, seconds. */
  readonly work: ServiceWork;
}

export class LogRunError extends Error {
  override readonly name = 'LogRunError';
}

export async function runLogs(options: LogRunOptions): Promise<LogRun> {
  const { services, jobs, sizeBytes } = options;
  const expected = hashOf(logBytes(sizeBytes));
  const idle = services.memory();
  const before = services.work();
  services.forgetLargest();
  const begin = performance.now();
  const ended = await Promise.all(Array.from({ length: jobs }, (_, index) => runOne(options, `log-${index + 1}`)));
  const durationMs = performance.now() - begin;
  const largest = services.largest();
  const after = services.work();
  const since = (name: ServiceName) => after[name] - before[name];
  const work = { operator: since('operator'), gateway: since('gateway'), content: since('content') };
  const logs: JobLog[] = [];
  for (const each of ended) logs.push(await verified(options, each, expected));
  return { durationMs, jobs: logs, idle, largest, work };
}

interface EndedTask {
  readonly task: string;
  readonly durationMs: number;
  readonly ledger: Ledger;
}

interface Ledger {
  readonly key: string;
  readonly lines: number;
  readonly bytes: number;
  readonly complete: boolean;
  readonly missing: readonly MissingPart[];
}

async function runOne(options: LogRunOptions, name: string): Promise<EndedTask> {
  const { cluster, services, sizeBytes, deadlineMs } = options;
  const tasks = `${services.gatewayUrl}/fabric/v4/projects/${PROJECT}/tasks`;
  const spec = { skillName: 'logs', actionName: 'write', image: cluster.actorImage, args: [`log ${sizeBytes}B`] };
  const begin = performance.now();
  const posted = await fetch(tasks, { method: 'POST', body: JSON.stringify({ name, ...spec }) });
  const text = await posted.text();
  if (!posted.ok) throw new LogRunError(`the gateway refused the task ${name}: ${text}`);
  const { taskName } = JSON.parse(text) as { taskName: string };
  for (const end = begin + deadlineMs; performance.now() < end; await sleep(POLL_MS)) {
    const { task } = (await (await fetch(`${tasks}/${taskName}`)).json()) as { task: { state: string; logs?: Ledger } };
    if (task.state === 'FAILED' || task.state === 'CANCELLED')
      throw new LogRunError(`${taskName} ended ${task.state}: ${JSON.stringify(task)}`);
    if (task.state === 'COMPLETE' && task.logs)
      return { task: taskName, durationMs: performance.now() - begin, ledger: task.logs };
  }
  throw new LogRunError(`${taskName} had no ledger of its log after ${deadlineMs / 1000} s`);
}

async function verified({ services }: LogRunOptions, ended: EndedTask, expected: string): Promise<JobLog> {
  const { task, durationMs, ledger } = ended;
  const answer = await fetch(`${services.contentUrl}/fabric/v4/projects/${PROJECT}/content/${ledger.key}`);
  if (!answer.ok || !answer.body)
    throw new LogRunError(`managed content has no log of ${task}: ${answer.status} ${await answer.text()}`);
  const verifier = new LogVerifier();
  const hash = createHash('sha256');
  let storedBytes = 0;
  for await (const chunk of answer.body) {
    verifier.push(chunk);
    hash.update(chunk);
    storedBytes += chunk.length;
  }
  const { lines: storedLines, complete, missing } = ledger;
  return {
    task,
    durationMs,
    storedBytes,
    storedLines,
    complete,
    missing,
    isWhole: hash.digest('hex') === expected,
    verdict: verifier.verdict(),
  };
}

function hashOf(bytes: Iterable<Buffer>): string {
  const hash = createHash('sha256');
  for (const block of bytes) hash.update(block);
  return hash.digest('hex');
}
