/** What the gateway must know of each run: a record that ends with the run, and never goes back. */
import { isTaskState, isTerminal, rankOf } from '../../fabric/task/state.ts';
import { endOf, type JobHistory, type Recording, type Report, type TaskRecord } from '../recording/recording.ts';
import { fails, forEach, holds, unknown, type Verdict } from './verdict.ts';

/** How long a record may lag behind its run while nothing hinders it, ms. */
export const REPORT_LAG_MS = 60_000;

export function recordOf(recording: Recording, job: JobHistory): TaskRecord | undefined {
  return recording.records.find((record) => record.uid === job.uid);
}

/** Liveness: each Job that ended, and had time enough, has a record in the right end state. */
export function everyRunHasItsRecord(recording: Recording): Verdict {
  const ended = recording.jobs.filter((job) => {
    const end = endOf(job)?.at ?? job.deletedAt;
    return end !== undefined && end < recording.endedAt - REPORT_LAG_MS;
  });
  return forEach(ended, 'ended runs with their records', (job) => {
    const record = recordOf(recording, job);
    if (!record) return `${job.name} ended, and the gateway has no record of it`;
    const wanted = endStatesOf(job);
    if (!wanted.includes(record.state)) {
      return `${job.name} ended as ${endOf(job)?.outcome ?? 'deleted'}, its record says ${record.state}`;
    }
    return undefined;
  });
}

function endStatesOf(job: JobHistory): readonly string[] {
  const outcome = endOf(job)?.outcome;
  if (outcome === 'Complete') return ['COMPLETE'];
  if (outcome === 'Failed') return ['FAILED', 'CANCELLED'];
  return ['CANCELLED', 'FAILED'];
}

/** Safety: the states that the gateway accepted for a run never go back, and nothing follows an end state. */
export function statesNeverGoBack(recording: Recording): Verdict {
  if (recording.reports.length === 0) return unknown('no reports seen');
  const held = new Map<string, Report>();
  for (const report of recording.reports) {
    if (!report.accepted || !isTaskState(report.state)) continue;
    const before = held.get(report.uid);
    if (before && isTaskState(before.state)) {
      if (rankOf(report.state) < rankOf(before.state))
        return fails(`${report.name} went from ${before.state} to ${report.state}`);
      if (isTerminal(before.state) && report.state !== before.state) {
        return fails(`${report.name} had ended as ${before.state}, then became ${report.state}`);
      }
    }
    held.set(report.uid, report);
  }
  return holds(`${recording.reports.length} reports of ${held.size} runs`);
}

/** Safety: one record for each run, never a second one for the same. */
export function oneRecordARun(recording: Recording): Verdict {
  const seen = new Set<string>();
  return forEach(
    recording.records.filter((record) => record.uid !== undefined),
    'records',
    (record) => {
      const uid = record.uid as string;
      if (seen.has(uid)) return `two records for the run ${record.name}`;
      seen.add(uid);
      const known = recording.jobs.some((job) => job.uid === uid);
      return known ? undefined : `the record ${record.name} has the uid ${uid}, which no Job had`;
    },
  );
}

/** Safety: the operator never sends more reports in a second than it may. */
export function reportsBounded(recording: Recording, perSecond: number): Verdict {
  const counts = new Map<number, number>();
  for (const report of recording.reports) {
    const second = Math.floor(report.at / 1000);
    counts.set(second, (counts.get(second) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  if (most === 0) return unknown('no reports seen');
  // A token bucket that is full may empty itself within the second in which it refills.
  return most <= 2 * perSecond
    ? holds(`at most ${most} in a second`)
    : fails(`${most} reports in one second, ${perSecond} a second are allowed`);
}
