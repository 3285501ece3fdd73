/** `orrery perf logs`: logs of 100 MB to 1 GB through the whole of Fabric, on a cluster, for real. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { parseScript } from '../../../fixtures/actor/script.ts';
import { DEFAULT_CLUSTER } from '../../environments/kind/state.ts';
import {
  ClusterAbsentError,
  type LogCluster,
  type LogClusterName,
  logClusterNames,
  openLogCluster,
} from '../../log-run/cluster.ts';
import { readClusterAlone } from '../../log-run/cluster-rate.ts';
import { runLogs } from '../../log-run/log-run.ts';
import { ownUploadMs } from '../../log-run/own-upload.ts';
import { contradiction, type LogReport, reportText } from '../../log-run/report.ts';
import { LogServices } from '../../log-run/services.ts';
import { ending } from '../ending/ending.ts';
import { countTo, secondsToWait } from '../numbers.ts';
import { OutputFile } from '../output-file.ts';

interface LogFlags {
  readonly env: LogClusterName;
  readonly name: string;
  readonly size: number;
  readonly jobs: number;
  readonly blobs?: string;
  readonly json?: string;
  readonly nodeLogs?: true;
  readonly alone: boolean;
  readonly deadline?: number;
}

const JOBS_MAXIMUM = 1000;
/** However small the log: bringing a Task up and its record home. */
const deadlineMinimumMs = 120_000;
/** Slower than any kubelet seen: those gave a followed log at 3 to 6 million bytes a second on two busy cores. */
const slowestBytesPerMs = 500;

export function perfCommand(): Command {
  const logs = new Command('logs')
    .description('Tasks that write large logs: throughput, memory, and whether each log arrived whole')
    .addOption(new Option('--env <name>', 'where').choices([...logClusterNames]).default('sim'))
    .option('--name <cluster>', 'of kind: the name that kind:up was given', DEFAULT_CLUSTER)
    .option('--size <size>', 'of each log: 100MB, 1GB', size, 100_000_000)
    .option('--jobs <n>', 'so many Tasks at once', countTo(JOBS_MAXIMUM), 1)
    .option('--blobs <url>', 's3://KEY:SECRET@host:port/bucket; a folder of this machine when absent')
    .option('--node-logs', 'the operator may read log files from the nodes (its flag --node-logs)')
    .option('--no-alone', 'leave out the cluster alone, which on kind takes longer than all else')
    .option('--json <file>', 'write all figures there')
    .option(
      '--deadline <seconds>',
      'for all logs to be there; absent: what their size needs at 0.5 MB/s',
      secondsToWait,
    )
    .action(perfLogs);
  return new Command('perf').description('measure for real').addCommand(logs);
}

async function perfLogs(flags: LogFlags): Promise<void> {
  const output = flags.json === undefined ? undefined : OutputFile.open('--json', flags.json);
  const ended = ending();
  const report = await measure(flags, ended).catch((error: unknown) => {
    if (!(error instanceof ClusterAbsentError)) throw error;
    process.stdout.write(`skipped: ${error.message}\n`);
  });
  if (!report) return;
  process.stdout.write(reportText(report));
  output?.write(`${JSON.stringify(report, null, 2)}\n`);
  const wrong = report.run.jobs.flatMap((job) => contradiction(job, flags.size) ?? []);
  for (const why of wrong) process.stdout.write(`  WRONG: ${why}\n`);
  if (wrong.length > 0) process.exitCode = 1;
}

async function measure(flags: LogFlags, ended: AbortSignal): Promise<LogReport> {
  const { env, name, blobs } = flags;
  const folder = mkdtempSync(join(tmpdir(), 'orrery-logs-'));
  const objects = blobs ?? join(folder, 'content');
  if (blobs === undefined) mkdirSync(objects);
  try {
    const cluster = await openLogCluster(env, name);
    try {
      const services = await LogServices.start(cluster, folder, { blobs: objects, nodeLogs: flags.nodeLogs === true });
      try {
        return await Promise.race([figures(cluster, services, { ...flags, objects }), rejectedAt(ended)]);
      } finally {
        await services.stop();
      }
    } finally {
      await cluster.end();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function figures(
  cluster: LogCluster,
  services: LogServices,
  { env, size: sizeBytes, jobs, blobs, deadline, objects, nodeLogs, alone }: LogFlags & { readonly objects: string },
): Promise<LogReport> {
  const deadlineMs = deadline === undefined ? deadlineFor(sizeBytes * jobs) : deadline * 1000;
  const run = await runLogs({ cluster, services, sizeBytes, jobs, deadlineMs });
  const ownMs = await ownUploadMs(objects, sizeBytes);
  const clusterAlone = alone ? await readClusterAlone(cluster, sizeBytes, deadlineMs) : undefined;
  const where = blobs === undefined ? 'a folder' : 'S3';
  const environment = `${env} (${cluster.runs})${nodeLogs ? ', log files from the node' : ''}`;
  return { environment, sizeBytes, blobs: where, run, ownUploadMs: ownMs, ...(clusterAlone ? { clusterAlone } : {}) };
}

/** How long logs of so many bytes may take, ms. */
export function deadlineFor(bytes: number): number {
  return deadlineMinimumMs + Math.ceil(bytes / slowestBytesPerMs);
}

/** Rejects when whoever started the measurement has enough of it: what was begun is then ended and removed. */
function rejectedAt(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Sizes are written as in the actor's scripts. */
function size(text: string): number {
  try {
    const [step] = parseScript(`log ${text}`);
    if (step?.do === 'log' && 'bytes' in step.amount) return step.amount.bytes;
  } catch {
    // Said below, in words about this flag.
  }
  throw new InvalidArgumentError('Write a size, such as 100MB, 64MiB or 1GB.');
}
