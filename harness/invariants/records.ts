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

/** A Job that was told to go while it ran may still fail by that: which of the two the operator saw first decides. */
function endStatesOf(job: JobHistory): readonly string[] {
  const end = endOf(job);
  if (end?.outcome === 'Complete') return ['COMPLETE'];
  if (end?.outcome !== 'Failed') return ['CANCELLED'];
  const toldAt = job.deletionRequestedAt ?? Number.POSITIVE_INFINITY;
  return toldAt <= end.at ? ['FAILED', 'CANCELLED'] : ['FAILED'];
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
  if (held.size === 0) return unknown('the gateway took none of the reports');
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

/** Requests that left one after the other may arrive this much closer together, ms. */
const JITTER_MS = 20;

/**
 * Safety: no more reports reach the gateway than a bucket of tokens lets through that holds `perSecond` of them and
 * gets as many a second.
 */
export function reportsBounded(recording: Recording, perSecond: number): Verdict {
  if (recording.reports.length === 0) return unknown('no reports seen');
  const capacity = perSecond * (1 + JITTER_MS / 1000);
  let filled = 0;
  let most = 0;
  let before = Number.NEGATIVE_INFINITY;
  for (const { at, name } of recording.reports) {
    filled = Math.max(0, filled - ((at - before) / 1000) * perSecond) + 1;
    before = at;
    most = Math.max(most, filled);
    if (filled > capacity + 1e-6) {
      return fails(`the report of ${name} at ${new Date(at).toISOString()} came before ${perSecond} a second allow it`);
    }
  }
  return holds(`${recording.reports.length} reports, the bucket held up to ${most.toFixed(1)} of ${perSecond}`);
}
