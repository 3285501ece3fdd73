/** What each sentence says when it does not hold, as pairs of what was seen and the words of the verdict. */
import { beforeEach, expect, test } from 'vitest';
import { jobOf, recordOfJob, second, storedLog, taskOf } from '../recording/histories.fixture.ts';
import { answerOf, type FakeStage, fakeStage } from './stage.fixture.ts';
import { equals, type Then } from './then.ts';

const task = { name: 'report', namespace: 'fabric' };
let stage: FakeStage;
beforeEach(() => {
  stage = fakeStage();
  stage.recording.tasks.push(taskOf([{ schedule: '* * * * *' }], 'report'));
  stage.recording.endedAt = second(150);
  for (const minute of [1, 2]) {
    const at = { created: minute * 60, scheduledFor: minute * 60, ended: minute * 60 + 5 };
    stage.recording.jobs.push(jobOf({ name: `report-${minute}`, task: 'report', ...at }));
  }
  stage.recording.records = [
    recordOfJob('report-1', { logs: { key: 'k', bytes: 5, complete: true } }),
    recordOfJob('report-2', { state: 'FAILED', statusReason: 'BackoffLimitExceeded' }),
  ];
  stage.recording.logs = [storedLog('k', 'hello')];
  stage.recording.events.push({ reason: 'Scheduled', involvedObject: { name: 'report' } } as never);
});

test.each<[(then: Then) => Promise<void>, string]>([
  [(then) => then.runs(task, 3), 'it ran 2 times: report-1, report-2'],
  [(then) => then.runs({ ...task, name: 'other' }, 1), 'it ran 0 times'],
  [
    (then) => then.ranFor(task, ['2026-01-01T00:01:00Z', '2026-01-01T00:03:00Z']),
    'it did not run for 2026-01-01T00:03:00Z; it ran also for 2026-01-01T00:02:00Z',
  ],
  [(then) => then.overlaps(task, 2), 'never more than 1 at once'],
  [(then) => then.ended(task, 'Failed'), 'report-1 ended as Complete (no reason)'],
  [(then) => then.ended({ ...task, name: 'other' }, 'Failed'), 'no runs of other that have ended seen'],
  [(then) => then.recorded(task, 'COMPLETE'), 'report-2 is FAILED (BackoffLimitExceeded)'],
  [(then) => then.recorded(task, 'COMPLETE', { exitCode: 0 }), 'report-1 has exitCode undefined, not 0'],
  [(then) => then.logged(task, 'bye'), 'the log of report-1 is "hello"'],
  [(then) => then.starts(task, { started: 1, skipped: 1 }), 'they came out as 2 started'],
  [(then) => then.explained(task, 'skipped', /x/), 'no planned starts of report that were skipped seen'],
  [(then) => then.event('FailedCreate', 'report'), 'no such event was seen; the others about it were Scheduled'],
  [(then) => then.equal('records', ({ records }) => records.length, 3), 'it is 2, and should be 3'],
  [
    (then) => then.answers('it is there', '/tasks/x', ({ status }) => equals(status, 200)),
    'it is 404, and should be 200; to GET /tasks/x the gateway answered 404 no such task',
  ],
])('%s: %s', async (say, words) => {
  stage.environment.answer = () => answerOf(404, 'no such task');
  await say(stage.then);
  const [judgement] = stage.then.judgements;
  expect(judgement?.verdict.value).not.toBe('true');
  expect(judgement?.verdict.because).toBe(words);
  expect(judgement?.at).toMatch(/^harness\/scenario\/messages\.test\.ts:\d+$/);
  expect(judgement?.why?.length).toBeGreaterThan(0);
});
