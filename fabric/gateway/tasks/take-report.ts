/**
 * What a post of the operator makes of a record. Pure. Posts may be repeated, late or out of order: a state never goes
 * back, and of two end states the first one holds.
 */
import { isTaskState, isTerminal, rankOf, type TaskState } from '../../task/state.ts';
import type { StoredRecord } from './record.ts';

/** A record as the operator posts it. */
export interface Report extends StoredRecord {
  readonly uid: string;
  readonly state: TaskState;
}

/** Why the body cannot be taken as a report; undefined when it can. */
export function reportFault(uid: string, body: Record<string, unknown>): string | undefined {
  const missing = ['name', 'projectId', 'state'].find((field) => typeof body[field] !== 'string' || body[field] === '');
  if (missing !== undefined) return `${missing} must be a text`;
  if (!isTaskState(body.state)) return `state ${JSON.stringify(body.state)} is none`;
  if (body.uid !== undefined && body.uid !== uid) return `its uid ${JSON.stringify(body.uid)} is not that of the path`;
  if (body.jobType !== undefined && body.jobType !== 'cron' && body.jobType !== 'onetime') {
    return 'jobType must be cron or onetime';
  }
  return undefined;
}

/** The record after the report; undefined when the report is stale and changes nothing. */
export function withReport(held: StoredRecord | undefined, report: Report, now: number): StoredRecord | undefined {
  if (held && isStale(held, report)) return undefined;
  const state = stateAfter(held, report);
  const { provisional: _, ...known } = held ?? {};
  const ended = held && isTaskState(held.state) && isTerminal(held.state) ? endOf(held) : {};
  return {
    ...known,
    ...report,
    ...ended,
    // A Task that never had a Job is told under its own uid.
    uid: report.uid === report.taskUid ? undefined : report.uid,
    jobType: report.jobType ?? 'onetime',
    createdAt: held?.createdAt ?? report.createdAt ?? now,
    updatedAt: now,
    state,
    status: state,
  };
}

function isStale(held: StoredRecord, report: Report): boolean {
  if (!isTaskState(held.state)) return false;
  if (rankOf(report.state) < rankOf(held.state)) return true;
  if (rankOf(report.state) > rankOf(held.state)) return false;
  return held.sequence !== undefined && (report.sequence ?? held.sequence) <= held.sequence;
}

function stateAfter(held: StoredRecord | undefined, report: Report): TaskState {
  return held && isTaskState(held.state) && isTerminal(held.state) ? held.state : report.state;
}

/** How a run ended is told once; what comes later, such as its ledger, is added. */
function endOf(held: StoredRecord): Partial<StoredRecord> {
  const { statusReason, exitCode, endTime } = held;
  return {
    ...(statusReason === undefined ? {} : { statusReason }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(endTime === undefined ? {} : { endTime }),
  };
}
