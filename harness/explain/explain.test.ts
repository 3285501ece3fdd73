/** What a failing sentence says, as pairs of what was seen and the lines that a reader gets. */
import { describe, expect, test } from 'vitest';
import type { Event } from '../../kubernetes/objects.ts';
import { fails, holds } from '../invariants/verdict.ts';
import { jobOf, podOf, recordingOf, recordOfJob, second, taskOf } from '../recording/histories.fixture.ts';
import type { PodHistory, Recording } from '../recording/recording.ts';
import { explain } from './explain.ts';
import { judgementOf } from './judgement.ts';

const eventOf = (kind: string, name: string, reason: string, message: string, at: number): Event => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: `${name}.1`, uid: `${name}-${reason}` },
  involvedObject: { kind, name, uid: `uid-${name}` },
  type: 'Warning',
  reason,
  message,
  lastTimestamp: new Date(second(at)).toISOString(),
});

const lines = (parts: Partial<Recording>, text: string, endsAfter = 200) =>
  explain(recordingOf(parts, endsAfter), text);

test('a schedule: plan, conditions, planned starts with their rules, runs with record and log, faults', () => {
  const forbid = { ...taskOf([{ schedule: '* * * * *', concurrencyPolicy: 'Forbid' }], 'report') };
  const conditions = [{ type: 'Started', status: 'False', reason: 'PreviousRunActive', message: 'report-1 is active' }];
  const first = jobOf({ name: 'report-1', task: 'report', scheduledFor: 60, created: 60, ended: 130 });
  const logs = { key: 'k', bytes: 12, complete: false, missing: [{ afterLine: 3, reason: 'rotated away' }] };
  const seen = lines(
    {
      tasks: [{ ...forbid, conditions, states: [{ at: second(1), state: 'Active' }] }],
      jobs: [first, jobOf({ name: 'report-2', task: 'report', scheduledFor: 120, created: 130 })],
      records: [recordOfJob('report-1', { statusReason: 'Completed', logs })],
      faults: [{ description: 'operator down', service: 'operator', from: second(10), to: second(20) }],
    },
    'report ran 3 times',
  );
  expect(seen).toEqual([
    'Task report runs at "* * * * *" under Forbid, state Active',
    '  condition Started False PreviousRunActive: report-1 is active',
    '  planned 00:01:00: started, on time (report-1)',
    '  planned 00:02:00: delayed 10 s, Forbid: waited for the end of report-1 (report-2)',
    '  planned 00:03:00: skipped, Forbid: report-2 was still running',
    '  run report-1: made 00:01:00 for 00:01:00; Complete 00:02:10; record COMPLETE (Completed), log of 12 bytes, missing after line 3: rotated away',
    '  run report-2: made 00:02:10 for 00:02:00; not ended, 1 active; no pod has been made for it yet; no record',
    'fault from 00:00:10 to 00:00:20: operator down',
  ]);
});

test('a Task that never ran: why it was refused, and the event that says so', () => {
  const conditions = [
    { type: 'Accepted', status: 'False', reason: 'InvalidTask', message: 'spec.schedule: "x" is no schedule' },
  ];
  const events = [eventOf('Task', 'bad', 'InvalidTask', 'spec.schedule: "x" is no schedule', 5)];
  expect(lines({ tasks: [{ ...taskOf([{ schedule: 'x' }], 'bad'), conditions }], events }, 'bad ran 1 times')).toEqual([
    'Task bad runs at "x" under Allow',
    '  condition Accepted False InvalidTask: spec.schedule: "x" is no schedule',
    '  no run was made of it',
    '  event 00:00:05 Warning InvalidTask of Task bad: spec.schedule: "x" is no schedule',
  ]);
});

describe('why a run waits', () => {
  const job = jobOf({ name: 'once', task: 'once', created: 1 });
  const pending = (waiting: PodHistory['waiting']): PodHistory => {
    const { runningAt: _, ...pod } = podOf('once-abc', 'once', 2);
    return { ...pod, phase: 'Pending', ...(waiting ? { waiting } : {}) };
  };
  const said = (parts: Partial<Recording>) =>
    lines({ tasks: [taskOf([{}], 'once')], jobs: [job], ...parts }, 'once').find((line) => line.startsWith('  run'));

  test.each<[string, Partial<Recording>, string]>([
    [
      'image',
      { pods: [pending({ reason: 'ErrImagePull', message: 'no image "x"' })] },
      'its pod once-abc waits for its image (ErrImagePull: no image "x")',
    ],
    ['back-off', { pods: [pending({ reason: 'ImagePullBackOff' })] }, 'waits for its image (ImagePullBackOff)'],
    [
      'node',
      { pods: [pending({ reason: 'Unschedulable', message: '0/1 nodes are available' })] },
      'waits for a node that takes it (Unschedulable: 0/1 nodes',
    ],
    [
      'configuration',
      { pods: [pending({ reason: 'CreateContainerConfigError', message: 'no Secret "s"' })] },
      'cannot be started (CreateContainerConfigError: no Secret',
    ],
    [
      'program',
      { pods: [pending({ reason: 'StartError', message: 'no such file' })] },
      'cannot be started (StartError',
    ],
    [
      'restarts',
      { pods: [pending({ reason: 'CrashLoopBackOff' })] },
      'is started again after a pause (CrashLoopBackOff)',
    ],
    ['start', { pods: [pending(undefined)] }, 'waits for its node to start it'],
    [
      'quota',
      { events: [eventOf('Job', 'once', 'FailedCreate', 'exceeded quota: pods', 3)] },
      'no pod could be made for it: exceeded quota: pods',
    ],
    [
      'suspension',
      { jobs: [{ ...job, states: [{ at: 1, active: 0, succeeded: 0, failed: 0, suspended: true }] }] },
      'it is suspended: no pod is made for it',
    ],
    ['nothing known', {}, 'no pod has been made for it yet'],
  ])('%s', (_what, parts, words) => expect(said(parts)).toContain(words));

  test('nothing is said of one that runs, or has ended', () => {
    expect(said({ pods: [podOf('once-abc', 'once', 2)] })).toBe('  run once: made 00:00:01; not ended, 1 active');
    const ended = jobOf({
      name: 'once',
      task: 'once',
      created: 1,
      ended: 9,
      outcome: 'Failed',
      reason: 'BackoffLimitExceeded',
    });
    const pod = { ...podOf('once-abc', 'once', 2, 9), exitCode: 3 };
    expect(said({ jobs: [ended], pods: [pod] })).toBe(
      '  run once: made 00:00:01; Failed 00:00:09 (BackoffLimitExceeded); pod once-abc ended with 3',
    );
  });
});

test('of many starts those near what is named are shown, and the others counted; a longer time has dates', () => {
  const jobs = Array.from({ length: 100 }, (_, index) =>
    jobOf({
      name: `t-${index + 1}`,
      task: 't',
      scheduledFor: (index + 1) * 3600,
      created: (index + 1) * 3600,
      ended: (index + 1) * 3600 + 5,
    }),
  );
  const seen = lines(
    { tasks: [taskOf([{ schedule: '0 * * * *' }], 't')], jobs },
    't-30 began too early',
    100 * 3600 + 60,
  );
  expect(seen).toContain('  planned 2026-01-02 06:00:00: started, on time (t-30)');
  expect(seen).toContain('  planned 2026-01-02 05:00:00: started, on time (t-29)');
  expect(seen).toContain('  and 90 more planned starts');
  expect(seen).toContain('  and 94 more runs');
  expect(seen.length).toBeLessThan(25);
});

test('a sentence about a pod or a Job finds its Task; one about nobody names the Tasks that there were', () => {
  const parts = {
    tasks: [taskOf([{}], 'once'), taskOf([{}], 'other')],
    jobs: [jobOf({ name: 'once-1', task: 'once', created: 1 })],
  };
  const pods = [podOf('once-1-xyz', 'once-1', 2)];
  expect(lines({ ...parts, pods }, 'once-1-xyz and another ran at once')[0]).toContain('Task once runs once');
  expect(lines(parts, 'it is 3, and should be 4')).toEqual(['Tasks that were there: once, other']);
});

test('what holds needs no reason, and a recording that nobody can read hides no verdict', () => {
  const recording = recordingOf({ tasks: [taskOf([{}], 'once')] });
  expect(judgementOf(recording, 'once ran', holds('yes'), 'a.ts:1')).toEqual({
    sentence: 'once ran',
    verdict: holds('yes'),
    at: 'a.ts:1',
  });
  const broken = { ...recording, tasks: [{ ...taskOf([], 'once'), plans: null as never }] };
  expect(judgementOf(broken, 'once ran', fails('no'))).toMatchObject({
    verdict: fails('no'),
    why: [expect.stringMatching(/cannot be told/)],
  });
});
