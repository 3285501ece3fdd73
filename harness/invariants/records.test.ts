/** The judges of records and reports: a case for each verdict. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { taskStates } from '../../fabric/task/state.ts';
import { jobOf, recordingOf, recordOfJob, reportOfJob } from '../recording/histories.fixture.ts';
import { everyRunHasItsRecord, oneRecordARun, reportsBounded, statesNeverGoBack } from './records.ts';

describe('each run that ended has its record', () => {
  const complete = jobOf({ name: 'a', created: 0, ended: 10 });
  const failed = jobOf({ name: 'a', created: 0, ended: 10, outcome: 'Failed' });
  const killed = jobOf({ name: 'a', created: 0, deletionRequested: 5, deleted: 10 });
  const failedByIt = jobOf({ name: 'a', created: 0, deletionRequested: 5, ended: 8, outcome: 'Failed', deleted: 10 });

  test.each([
    ['complete as COMPLETE', complete, 'COMPLETE', 'true'],
    ['complete as FAILED', complete, 'FAILED', 'false'],
    ['complete as CANCELLED', complete, 'CANCELLED', 'false'],
    ['complete as ACTIVE', complete, 'ACTIVE', 'false'],
    ['failed as FAILED', failed, 'FAILED', 'true'],
    ['failed as COMPLETE', failed, 'COMPLETE', 'false'],
    ['failed as CANCELLED, though nobody told it to go', failed, 'CANCELLED', 'false'],
    ['failed as CANCELLED, told to go', failedByIt, 'CANCELLED', 'true'],
    ['removed as CANCELLED', killed, 'CANCELLED', 'true'],
    ['removed as COMPLETE', killed, 'COMPLETE', 'false'],
    ['removed as ACTIVE', killed, 'ACTIVE', 'false'],
  ] as const)('%s', (_case, job, state, value) => {
    const records = [recordOfJob('a', { state })];
    expect(everyRunHasItsRecord(recordingOf({ jobs: [job], records })).value).toBe(value);
  });

  test('no record: false', () => {
    expect(everyRunHasItsRecord(recordingOf({ jobs: [complete] })).value).toBe('false');
  });
  test('the record of another run of that name does not count', () => {
    const records = [recordOfJob('a', { uid: 'uid-of-an-earlier-one' })];
    expect(everyRunHasItsRecord(recordingOf({ jobs: [complete], records })).value).toBe('false');
  });
  test('nothing ended, or only just: unknown', () => {
    expect(everyRunHasItsRecord(recordingOf({ jobs: [jobOf({ name: 'a', created: 0 })] })).value).toBe('unknown');
    expect(everyRunHasItsRecord(recordingOf({ jobs: [complete] }, 60)).value).toBe('unknown');
  });
});

describe('states never go back', () => {
  const state = fc.constantFrom(...taskStates);
  const rank = (text: string) => Math.min(4, taskStates.indexOf(text as (typeof taskStates)[number]));

  test('false exactly when an accepted report goes back, or another end follows an end', () => {
    fc.assert(
      fc.property(fc.array(state, { minLength: 1 }), (states) => {
        const reports = states.map((text, index) => reportOfJob('a', text, index));
        const goesBack = states.some((text, index) => {
          const before = states[index - 1];
          if (before === undefined) return false;
          return rank(text) < rank(before) || (rank(before) === 4 && text !== before);
        });
        expect(statesNeverGoBack(recordingOf({ reports })).value).toBe(goesBack ? 'false' : 'true');
      }),
    );
  });

  test('reports of other runs and refused ones do not matter', () => {
    const reports = [
      reportOfJob('a', 'COMPLETE', 1),
      reportOfJob('b', 'ACTIVE', 2),
      reportOfJob('a', 'ACTIVE', 3, { accepted: false }),
    ];
    expect(statesNeverGoBack(recordingOf({ reports })).value).toBe('true');
  });

  test('no report, or none that was taken: unknown', () => {
    expect(statesNeverGoBack(recordingOf({})).value).toBe('unknown');
    const reports = [reportOfJob('a', 'ACTIVE', 1, { accepted: false })];
    expect(statesNeverGoBack(recordingOf({ reports })).value).toBe('unknown');
  });
});

describe('one record a run', () => {
  const jobs = [jobOf({ name: 'a', created: 0 }), jobOf({ name: 'b', created: 0 })];
  test.each([
    ['one each', 'true', [recordOfJob('a'), recordOfJob('b')]],
    ['two of one run', 'false', [recordOfJob('a'), recordOfJob('a')]],
    ['of a run that never was', 'false', [recordOfJob('a', { uid: 'uid-a-again' })]],
    ['none', 'unknown', []],
  ] as const)('%s: %s', (_case, value, records) => {
    expect(oneRecordARun(recordingOf({ jobs, records })).value).toBe(value);
  });
});

describe('reports are bounded', () => {
  const at = (...seconds: number[]) =>
    recordingOf({ reports: seconds.map((when) => reportOfJob('a', 'ACTIVE', when)) });
  test('a burst of a second’s worth, then one at a time: true', () => {
    expect(reportsBounded(at(0, 0, 0, 0, 0, 0.2, 0.4, 0.6, 10, 10, 10, 10, 10), 5).value).toBe('true');
  });
  test('one more than the burst: false', () => {
    expect(reportsBounded(at(0, 0, 0, 0, 0, 0), 5).value).toBe('false');
  });
  test('a steady stream that is a little too fast: false in the end', () => {
    const stream = Array.from({ length: 200 }, (_, index) => index * 0.18);
    expect(reportsBounded(at(...stream), 5).value).toBe('false');
  });
  test('twice the burst around the turn of a second: false', () => {
    expect(reportsBounded(at(0.9, 0.9, 0.9, 0.9, 0.9, 1, 1, 1, 1, 1), 5).value).toBe('false');
  });
  test('no reports: unknown', () => expect(reportsBounded(at(), 5).value).toBe('unknown'));
});
