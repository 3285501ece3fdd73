/** What managed content must hold of each run: its whole log, or a ledger that says what is missing. */
import type { JobHistory, Recording, StoredLog, TaskRecord } from '../recording/recording.ts';
import { recordOf } from './records.ts';
import { forEach, type Verdict } from './verdict.ts';

/** What a container wrote, as the environment saw it leave the program. */
export interface PodOutput {
  readonly pod: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * A record whose log is said to be complete points to a stored log with exactly what the run's pods wrote; one that is not says
 * what is missing. Logs past their time to live are left out.
 */
export function logsAreWhole(
  recording: Recording,
  expected: (job: JobHistory) => StoredLogFacts | undefined,
  ttlSeconds = Number.POSITIVE_INFINITY,
): Verdict {
  const recorded = recording.jobs.filter((job) => {
    const record = recordOf(recording, job);
    const isExpired = recording.endedAt - (record?.endTime ?? recording.endedAt) >= ttlSeconds * 1000;
    return (record?.state === 'COMPLETE' || record?.state === 'FAILED') && !isExpired;
  });
  return forEach(recorded, 'stored logs that are whole', (job) =>
    objection(job, recordOf(recording, job) as TaskRecord, recording.logs, expected(job)),
  );
}

export interface StoredLogFacts {
  readonly bytes: number;
  readonly sha256: string;
}

function objection(
  job: JobHistory,
  record: TaskRecord,
  logs: readonly StoredLog[],
  truth: StoredLogFacts | undefined,
): string | undefined {
  const { logs: ledger } = record;
  if (!ledger) return `the record of ${job.name} says nothing of its log`;
  if (!ledger.complete) {
    return (ledger.missing ?? []).length > 0
      ? undefined
      : `the log of ${job.name} is not complete, and nothing says what is missing`;
  }
  const stored = logs.find((log) => log.key === ledger.key);
  if (!stored) return `the record of ${job.name} points to ${ledger.key}, which is not stored`;
  if (stored.bytes !== ledger.bytes) return `${ledger.key} has ${stored.bytes} bytes, the record says ${ledger.bytes}`;
  if (truth && (truth.bytes !== stored.bytes || truth.sha256 !== stored.sha256)) {
    return `${ledger.key} has ${stored.bytes} bytes, the run of ${job.name} wrote ${truth.bytes}, or others`;
  }
  return undefined;
}
