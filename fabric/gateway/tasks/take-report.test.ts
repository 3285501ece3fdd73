/** Reports in any order: the record ends where the latest state says, and never goes back on the way. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rankOf, type TaskState, taskStates } from '../../task/state.ts';
import type { StoredRecord } from './record.ts';
import { type Report, withReport } from './take-report.ts';

const reports = fc.array(fc.tuple(fc.constantFrom(...taskStates), fc.nat(20)), { minLength: 1, maxLength: 12 });

function report(state: TaskState, sequence: number): Report {
  return {
    uid: 'u',
    name: 'n',
    projectId: 'p',
    jobType: 'onetime',
    state,
    status: state,
    sequence,
    statusReason: `${state} ${sequence}`,
  };
}

it('a state never goes back, and the first end state stays', () => {
  fc.assert(
    fc.property(reports, (sent) => {
      let held: StoredRecord | undefined;
      let end: string | undefined;
      for (const [state, sequence] of sent) {
        const before = held;
        held = withReport(held, report(state, sequence), 1) ?? held;
        if (before) expect(rankOf(held?.state as TaskState)).toBeGreaterThanOrEqual(rankOf(before.state as TaskState));
        if (rankOf(state) === rankOf('COMPLETE')) end ??= state;
        expect(held?.status).toBe(held?.state);
      }
      const highest = Math.max(...sent.map(([state]) => rankOf(state)));
      expect(rankOf(held?.state as TaskState)).toBe(highest);
      if (end !== undefined) expect(held?.state).toBe(end);
    }),
  );
});

it('taking the same reports again changes nothing', () => {
  fc.assert(
    fc.property(reports, (sent) => {
      const play = (from: StoredRecord | undefined) =>
        sent.reduce((held, [state, sequence]) => withReport(held, report(state, sequence), 1) ?? held, from);
      const once = play(undefined);
      const highest = Math.max(...sent.map(([, sequence]) => sequence));
      const settled = withReport(once, { ...report(once?.state as TaskState, highest) }, 1) ?? once;
      expect(play(settled)).toEqual(settled);
    }),
  );
});

it('a later report of an ended run adds its ledger and keeps how it ended', () => {
  const ended = withReport(undefined, { ...report('FAILED', 1), exitCode: 3, endTime: 7 }, 1);
  const logs = { key: 'k', bytes: 1, complete: false, missing: [{ afterLine: 0, reason: 'gone' }] };
  const later = withReport(ended, { ...report('FAILED', 2), statusReason: 'other', logs }, 2);
  expect(later).toMatchObject({ statusReason: 'FAILED 1', exitCode: 3, endTime: 7, logs });
});
