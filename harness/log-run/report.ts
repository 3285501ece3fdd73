/** What `orrery perf logs` tells: a table for people, and whether each log is what its ledger says. */
import { lineBytes } from '../../fixtures/actor/log-lines.ts';
import type { JobLog, LogRun } from './log-run.ts';
import { serviceNames } from './services.ts';

export interface LogReport {
  readonly environment: string;
  readonly sizeBytes: number;
  readonly blobs: string;
  readonly run: LogRun;
  readonly ownUploadMs: number;
}

const MEBIBYTE = 1024 * 1024;
const MEGABYTE = 1_000_000;

/** Megabytes a second. */
export function rate(bytes: number, durationMs: number): number {
  return bytes / MEGABYTE / (durationMs / 1000);
}

export function reportText({ environment, sizeBytes, blobs, run, ownUploadMs }: LogReport): string {
  const allBytes = sizeBytes * run.jobs.length;
  const shipped = rate(allBytes, run.durationMs);
  const own = rate(sizeBytes, ownUploadMs);
  const percent = Math.round((100 * shipped) / own);
  return [
    `${run.jobs.length} x ${sizeBytes / MEGABYTE} MB on ${environment}, into ${blobs}`,
    `  through Fabric     ${shipped.toFixed(1)} MB/s, from the creation of the Tasks to the last ledger (${(run.durationMs / 1000).toFixed(1)} s)`,
    `  own upload         ${own.toFixed(1)} MB/s, the same bytes by the store's own client: Fabric reaches ${percent} %`,
    ...serviceNames.map((name) => `  ${name.padEnd(18)} ${memoryText(run.idle[name], run.largest[name])}`),
    ...run.jobs.map((job) => `  ${job.task.padEnd(18)} ${jobText(job, sizeBytes)}`),
    '',
  ].join('\n');
}

function memoryText(idleBytes: number, largestBytes: number): string {
  if (largestBytes === 0) return 'memory is not known on this system';
  const [idle, largest] = [idleBytes / MEBIBYTE, largestBytes / MEBIBYTE];
  return `${largest.toFixed(0)} MiB resident at most, ${(largest - idle).toFixed(0)} MiB above idle`;
}

function jobText(job: JobLog, sizeBytes: number): string {
  if (job.isWhole && job.complete) return `whole: ${job.storedLines} lines, the checksum is right`;
  const { bytes, gaps } = missingOf(job, sizeBytes);
  const told = job.missing.map(({ afterLine, reason }) => `after line ${afterLine}: ${reason}`).join('; ');
  return `${job.storedLines} lines stored, ${bytes} bytes missing in ${gaps} places; the ledger says: ${told || 'nothing is missing'}`;
}

/** What is missing according to the stored log itself: in between, and at the end. */
export function missingOf({ verdict }: JobLog, sizeBytes: number): { readonly bytes: number; readonly gaps: number } {
  const whole = Math.floor(sizeBytes / lineBytes);
  const gapLines = verdict.gaps.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const tailLines = whole - verdict.lines - gapLines;
  return { bytes: (gapLines + tailLines) * lineBytes, gaps: verdict.gaps.length + (tailLines > 0 ? 1 : 0) };
}

/** Why a log is not what its ledger says; undefined when it is. A ledger may say that lines are missing: then they must be. */
export function contradiction(job: JobLog, sizeBytes: number): string | undefined {
  const { gaps } = missingOf(job, sizeBytes);
  if (job.verdict.damaged > 0) return `${job.verdict.damaged} lines are damaged or repeated`;
  if (job.complete && !job.isWhole) return 'the ledger says complete, and the stored bytes are not the written ones';
  if (!job.complete && job.missing.length === 0) return 'the ledger names nothing that is missing, and is not complete';
  if (job.missing.length < gaps) return `the ledger names ${job.missing.length} gaps, and there are ${gaps}`;
  return undefined;
}
