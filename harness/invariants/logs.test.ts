/** The judge of stored logs: a case for each verdict. */
import { describe, expect, test } from 'vitest';
import { type JobWish, jobOf, recordingOf, recordOfJob, storedLog } from '../recording/histories.fixture.ts';
import type { StoredLog, TaskRecord } from '../recording/recording.ts';
import { logsAreWhole } from './logs.ts';

const key = 'tasks/a/log.txt';
const whole = { bytes: 3, sha256: 'sha of abc' };
const gap = [{ afterLine: 1, reason: 'rotated away' }];
const kept = [storedLog(key, 'abc')];

function judge(
  logs: TaskRecord['logs'] | undefined,
  stored: readonly StoredLog[],
  options: { readonly truth?: typeof whole; readonly state?: string; readonly job?: Partial<JobWish> } = {},
) {
  const { truth = whole, state = 'COMPLETE', job = {} } = options;
  const jobs = [jobOf({ name: 'a', created: 0, ended: 10, ...job })];
  const records = [recordOfJob('a', { state, endTime: jobs[0]?.createdAt ?? 0, ...(logs ? { logs } : {}) })];
  return logsAreWhole(recordingOf({ jobs, records, logs: stored }), () => truth).value;
}

describe('a log that is said to be complete', () => {
  const ledger = { key, bytes: 3, complete: true, missing: [] };
  test('and is what the run wrote: true', () => expect(judge(ledger, kept)).toBe('true'));
  test('but is not stored: false', () => expect(judge(ledger, [])).toBe('false'));
  test('but has other bytes than the record says: false', () => {
    expect(judge({ ...ledger, bytes: 4 }, kept)).toBe('false');
  });
  test('but lacks bytes that the run wrote: false', () => {
    expect(judge(ledger, kept, { truth: { bytes: 5, sha256: 'sha of abcde' } })).toBe('false');
  });
  test('but has as many other bytes: false', () => {
    expect(judge(ledger, kept, { truth: { bytes: 3, sha256: 'sha of abd' } })).toBe('false');
  });
  test('of a cancelled run counts as well: false when not stored', () => {
    expect(judge(ledger, [], { state: 'CANCELLED' })).toBe('false');
  });
});

describe('a log that is not complete', () => {
  const ledger = { key, bytes: 3, complete: false, missing: gap };
  test('and says what is missing: true', () => {
    expect(judge(ledger, kept, { truth: { bytes: 9, sha256: 'sha of more' } })).toBe('true');
  });
  test('and does not say what is missing: false', () => {
    expect(judge({ ...ledger, missing: [] }, kept)).toBe('false');
  });
  test('though all is stored: false', () => expect(judge(ledger, kept)).toBe('false'));
  test('though all is stored, of a run that was killed: true, nobody could know', () => {
    expect(judge(ledger, kept, { job: { outcome: 'Failed' } })).toBe('true');
  });
});

test('a record that says nothing of a log: false', () => expect(judge(undefined, kept)).toBe('false'));
test('a run that goes on: unknown', () => expect(judge(undefined, [], { state: 'ACTIVE' })).toBe('unknown'));
test('logs past their time to live are left out', () => {
  const jobs = [jobOf({ name: 'a', created: 0, ended: 10 })];
  const logs = { key, bytes: 3, complete: true };
  const records = [recordOfJob('a', { logs, endTime: jobs[0]?.createdAt ?? 0 })];
  const recording = recordingOf({ jobs, records });
  expect(logsAreWhole(recording, () => whole, 60).value).toBe('unknown');
  expect(logsAreWhole(recording, () => whole, 7200).value).toBe('false');
});
