/** What managed content must hold of each run: its whole log, or a ledger that says what is missing. */
import { endOf, type JobHistory, type Recording, type StoredLog, type TaskRecord } from '../recording/recording.ts';
import { recordOf } from './records.ts';
import { forEach, type Verdict } from './verdict.ts';

const JUDGED_STATES = ['COMPLETE', 'FAILED', 'CANCELLED'];

/**
 * A record whose log is said to be complete points to a stored log with exactly what the run's pods wrote; one that is
 * not says what is missing, and something is. Logs past their time to live are left out.
 */
export function logsAreWhole(
  recording: Recording,
  expected: (job: JobHistory) => StoredLogFacts | undefined,
  ttlSeconds = Number.POSITIVE_INFINITY,
): Verdict {
  const recorded = recording.jobs.filter((job) => {
    const record = recordOf(recording, job);
    const isExpired = recording.endedAt - (record?.endTime ?? recording.endedAt) >= ttlSeconds * 1000;
    return record !== undefined && JUDGED_STATES.includes(record.state) && !isExpired;
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
  if (!ledger.complete) return objectionToGap(job, ledger, logs, truth);
  const stored = logs.find((log) => log.key === ledger.key);
  if (!stored) return `the record of ${job.name} points to ${ledger.key}, which is not stored`;
  if (stored.bytes !== ledger.bytes) return `${ledger.key} has ${stored.bytes} bytes, the record says ${ledger.bytes}`;
  if (truth && (truth.bytes !== stored.bytes || truth.sha256 !== stored.sha256)) {
    return `${ledger.key} has ${stored.bytes} bytes, the run of ${job.name} wrote ${truth.bytes}, or others`;
  }
  return undefined;
}

/**
 * What is said to be missing must be missing, or a ledger that always says so would never be wrong. Of a run that was
 * killed nobody can know what it would have written last: there a doubt may stand.
 */
function objectionToGap(
  job: JobHistory,
  ledger: NonNullable<TaskRecord['logs']>,
  logs: readonly StoredLog[],
  truth: StoredLogFacts | undefined,
): string | undefined {
  if ((ledger.missing ?? []).length === 0) {
    return `the log of ${job.name} is not complete, and nothing says what is missing`;
  }
  const stored = logs.find((log) => log.key === ledger.key);
  if (stored && stored.bytes !== ledger.bytes) {
    return `${ledger.key} has ${stored.bytes} bytes, the record, which says that some are missing, ${ledger.bytes}`;
  }
  const isCertain = endOf(job)?.outcome === 'Complete' && truth !== undefined;
  const isWhole = isCertain && stored?.bytes === truth.bytes && stored.sha256 === truth.sha256;
  return isWhole ? `the log of ${job.name} is whole, its record says that something is missing` : undefined;
}
