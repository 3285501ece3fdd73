/** What `orrery perf logs` tells: a table for people, and whether each log is what its ledger says. */
import { lineBytes } from '../../fixtures/actor/log-lines.ts';
import type { ClusterAlone } from './cluster-rate.ts';
import type { JobLog, LogRun } from './log-run.ts';
import { serviceNames } from './services.ts';

export interface LogReport {
  readonly environment: string;
  readonly sizeBytes: number;
  readonly blobs: string;
  readonly run: LogRun;
  readonly ownUploadMs: number;
  readonly clusterAlone?: ClusterAlone;
}

const MEBIBYTE = 1024 * 1024;
const MEGABYTE = 1_000_000;

/** Megabytes a second. */
export function rate(bytes: number, durationMs: number): number {
  return bytes / MEGABYTE / (durationMs / 1000);
}

export function reportText({ environment, sizeBytes, blobs, run, ownUploadMs, clusterAlone }: LogReport): string {
  const allBytes = sizeBytes * run.jobs.length;
  const shipped = rate(allBytes, run.durationMs);
  const own = rate(sizeBytes, ownUploadMs);
  const alone = clusterAlone && rate(clusterAlone.bytes, clusterAlone.durationMs);
  const percentOf = (whole: number) => `Fabric reaches ${Math.round((100 * shipped) / whole)} %`;
  return [
    `${run.jobs.length} x ${sizeBytes / MEGABYTE} MB on ${environment}, into ${blobs}`,
    `  through Fabric     ${shipped.toFixed(1)} MB/s, from the creation of the Tasks to the last ledger (${(run.durationMs / 1000).toFixed(1)} s)`,
    `  own upload         ${own.toFixed(1)} MB/s, the same bytes by the store's own client: ${percentOf(own)}`,
    ...(alone === undefined
      ? []
      : [
          `  cluster alone      ${alone.toFixed(1)} MB/s, one such log followed by a plain client and thrown away: ${percentOf(alone)}`,
        ]),
    ...serviceNames.map(
      (name) =>
        `  ${name.padEnd(18)} ${memoryText(run.idle[name], run.largest[name])}, ${run.work[name].toFixed(1)} s of processor time`,
    ),
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
  const told = job.missing.map(({ afterLine, reason }) => `after line ${afterLine}: ${reason}`).join('; ');
  if (job.isWhole && !job.complete) return `all ${job.storedLines} lines are there, which nobody can know: ${told}`;
  if (job.isWhole) return `whole: ${job.storedLines} lines, the checksum is right`;
  const { bytes, gaps } = missingOf(job, sizeBytes);
  return `${job.storedLines} lines stored, ${bytes} bytes missing in ${gaps} places; the ledger says: ${told || 'nothing is missing'}`;
}

/** What is missing according to the stored log itself: in between, and at the end. */
export function missingOf(job: JobLog, sizeBytes: number): { readonly bytes: number; readonly gaps: number } {
  const gaps = gapsOf(job, sizeBytes);
  return { bytes: gaps.reduce((sum, { lines }) => sum + lines, 0) * lineBytes, gaps: gaps.length };
}

interface Gap {
  /** Lines stored before it, as ledgers count. */
  readonly afterLine: number;
  readonly lines: number;
}

function gapsOf({ verdict }: JobLog, sizeBytes: number): Gap[] {
  let missing = 0;
  const between = verdict.gaps.map(({ first, last }) => {
    const gap = { afterLine: first - missing, lines: last - first + 1 };
    missing += gap.lines;
    return gap;
  });
  const atEnd = Math.floor(sizeBytes / lineBytes) - verdict.lines - missing;
  return atEnd > 0 ? [...between, { afterLine: verdict.lines, lines: atEnd }] : between;
}

/**
 * Why a log is not what its ledger says; undefined when it is: a ledger may say that lines are missing, and says where.
 */
export function contradiction(job: JobLog, sizeBytes: number): string | undefined {
  const { complete, isWhole, missing, verdict } = job;
  if (verdict.damaged > 0) return `${verdict.damaged} lines are damaged or repeated`;
  if (complete && !isWhole) return 'the ledger says complete, and the stored bytes are not the written ones';
  const isDoubted = missing.length > 0 && missing.every(isDoubt);
  if (!complete && isWhole && !isDoubted)
    return 'the ledger says incomplete, and the stored bytes are the written ones';
  if (!complete && missing.length === 0) return 'the ledger names nothing that is missing, and is not complete';
  const unnamed = gapsOf(job, sizeBytes).find(({ afterLine }) => !isNamed(missing, afterLine));
  if (unnamed)
    return `${unnamed.lines} lines are missing after line ${unnamed.afterLine}, and the ledger does not name that`;
  return undefined;
}

/** A ledger that is full says up to where it names gaps no more one by one. */
function isNamed(missing: JobLog['missing'], afterLine: number): boolean {
  return missing.some((gap) => gap.afterLine === afterLine || (isSummary(gap.reason) && afterLine <= gap.afterLine));
}

/** What is said of lines that may be missing: that they are all there is no contradiction. */
function isDoubt({ reason }: JobLog['missing'][number]): boolean {
  return reason.includes('may have') || isSummary(reason);
}

function isSummary(reason: string): boolean {
  return reason.includes('not named one by one');
}
