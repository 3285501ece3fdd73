/**
 * Recordings made by hand, for the tests of judges and reports. Instants are given in seconds after midnight of
 * 2026-01-01.
 */

import type { StoredLog, TaskHistory, TaskPlan, TaskRecord } from './recording.ts';
import { emptyRecording, type JobHistory, type PodHistory, type Recording, type Report } from './recording.ts';

export const midnight = Date.UTC(2026, 0, 1);

/** Epoch ms of so many seconds after midnight. */
export const second = (seconds: number): number => midnight + Math.round(seconds * 1000);

export function recordingOf(parts: Partial<Recording>, endsAfterSeconds = 3600): Recording {
  return { ...emptyRecording(midnight), endedAt: second(endsAfterSeconds), ...parts };
}

export interface JobWish {
  readonly name: string;
  readonly task?: string;
  /** Seconds. */
  readonly scheduledFor?: number;
  readonly created: number;
  readonly ended?: number;
  readonly outcome?: 'Complete' | 'Failed';
  readonly reason?: string;
  readonly deletionRequested?: number;
  readonly deleted?: number;
}

export function jobOf(wish: JobWish): JobHistory {
  const state = { at: second(wish.created), active: 1, succeeded: 0, failed: 0, suspended: false };
  const { outcome = 'Complete', reason } = wish;
  const end = { ...state, active: 0, outcome, ...(reason === undefined ? {} : { reason }) };
  return {
    uid: `uid-${wish.name}`,
    name: wish.name,
    namespace: 'fabric',
    task: wish.task ?? 'task',
    ...(wish.scheduledFor === undefined ? {} : { scheduledFor: second(wish.scheduledFor) }),
    createdAt: second(wish.created),
    states: wish.ended === undefined ? [state] : [state, { ...end, at: second(wish.ended) }],
    ...(wish.deletionRequested === undefined ? {} : { deletionRequestedAt: second(wish.deletionRequested) }),
    ...(wish.deleted === undefined ? {} : { deletedAt: second(wish.deleted) }),
    annotations: {},
    finalizers: [],
  };
}

export function taskOf(
  plans: readonly (Partial<TaskPlan> & { readonly after?: number })[],
  name = 'task',
): TaskHistory {
  return {
    uid: `uid-${name}`,
    name,
    namespace: 'fabric',
    createdAt: midnight,
    plans: plans.map(({ after = 0, ...plan }) => ({
      from: second(after),
      concurrencyPolicy: 'Allow',
      suspend: false,
      ...plan,
    })),
    states: [],
    conditions: [],
  };
}

export function podOf(name: string, job: string, from: number, to?: number): PodHistory {
  return {
    uid: `uid-${name}`,
    name,
    namespace: 'fabric',
    job: `uid-${job}`,
    createdAt: second(from),
    runningAt: second(from),
    ...(to === undefined ? {} : { finishedAt: second(to) }),
    phase: to === undefined ? 'Running' : 'Succeeded',
    restarts: 0,
  };
}

/** The record of the Job with that name. */
export function recordOfJob(name: string, fields: Partial<TaskRecord> = {}): TaskRecord {
  const state = fields.state ?? 'COMPLETE';
  return { uid: `uid-${name}`, name, state, status: state, ...fields };
}

export function reportOfJob(name: string, state: string, after: number, fields: Partial<Report> = {}): Report {
  return { at: second(after), uid: `uid-${name}`, name, state, accepted: true, created: false, ...fields };
}

export function storedLog(key: string, text: string): StoredLog {
  return { key, text, endsWith: text, bytes: Buffer.byteLength(text), sha256: `sha of ${text}` };
}
