/** One run of a Task in one line: its Job, why it waits, its record and its log. */
import { recordOf } from '../invariants/records.ts';
import { endOf, type JobHistory, podsOf, type Recording, type TaskRecord } from '../recording/recording.ts';
import { instantIn } from './instants.ts';
import { whyRunWaits } from './waiting.ts';

export function runLine(recording: Recording, job: JobHistory): string {
  const parts = [madeWords(recording, job), stateWords(recording, job)];
  const waits = whyRunWaits(recording, job);
  if (waits !== undefined) parts.push(waits);
  parts.push(...podWords(recording, job));
  if (recording.records.length > 0 || recording.reports.length > 0) parts.push(recordWords(recordOf(recording, job)));
  return `${job.name}: ${parts.join('; ')}`;
}

function madeWords(recording: Recording, { createdAt, scheduledFor }: JobHistory): string {
  const instant = instantIn(recording);
  return `made ${instant(createdAt)}${scheduledFor === undefined ? '' : ` for ${instant(scheduledFor)}`}`;
}

function stateWords(recording: Recording, job: JobHistory): string {
  const instant = instantIn(recording);
  const end = endOf(job);
  if (end) {
    const why = [end.reason, end.message].filter((word) => word).join(': ');
    return `${end.outcome} ${instant(end.at)}${why === '' ? '' : ` (${why})`}`;
  }
  if (job.deletedAt !== undefined) return `deleted ${instant(job.deletedAt)} before its end`;
  if (job.deletionRequestedAt !== undefined) return `being deleted since ${instant(job.deletionRequestedAt)}`;
  const { active = 0, failed = 0 } = job.states.at(-1) ?? {};
  return `not ended, ${active} active${failed > 0 ? `, ${failed} failed` : ''}`;
}

/** Pods that did not do well. */
function podWords(recording: Recording, job: JobHistory): string[] {
  return podsOf(recording, job)
    .filter(({ exitCode, restarts }) => (exitCode !== undefined && exitCode !== 0) || restarts > 0)
    .map(({ name, exitCode, restarts }) => {
      const again = restarts > 0 ? `, restarted ${restarts} times` : '';
      return `pod ${name} ended with ${exitCode ?? 'no exit code'}${again}`;
    });
}

function recordWords(record: TaskRecord | undefined): string {
  if (!record) return 'no record';
  const why = record.statusReason ? ` (${record.statusReason})` : '';
  return `record ${record.state}${why}, ${logWords(record.logs)}`;
}

function logWords(logs: TaskRecord['logs']): string {
  if (!logs) return 'no log';
  if (logs.complete) return `log of ${logs.bytes} bytes, complete`;
  const missing = (logs.missing ?? []).map(({ afterLine, reason }) => `after line ${afterLine}: ${reason}`);
  return `log of ${logs.bytes} bytes, missing ${missing.join(', ') || 'something'}`;
}
