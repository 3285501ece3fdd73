/** The standing judges: which of them speak, and that each can say false in a run that goes wrong. */
import { describe, expect, test } from 'vitest';
import type { FabricSettings } from '../environments/environment.ts';
import {
  type JobWish,
  jobOf,
  podOf,
  recordingOf,
  recordOfJob,
  reportOfJob,
  second,
  storedLog,
  taskOf,
} from '../recording/histories.fixture.ts';
import type { Recording } from '../recording/recording.ts';
import { standingJudgements } from './standing.ts';

const forbid = taskOf([{ schedule: '* * * * *', concurrencyPolicy: 'Forbid' }]);
const runs: JobWish[] = [1, 2, 3].map((minute) => ({
  name: `task-${minute}`,
  scheduledFor: minute * 60,
  created: minute * 60 + 0.1,
  ended: minute * 60 + 5,
}));
const names = runs.map(({ name }) => name);
const logOf = (name: string) => `tasks/${name}/log.txt`;

/** A schedule of three runs in which all is right; parts may be made wrong. */
function judge(parts: Partial<Recording> = {}, fabric: FabricSettings = {}): Record<string, string> {
  const recording = recordingOf(
    {
      tasks: [forbid],
      jobs: runs.map(jobOf),
      pods: names.map((name, index) => podOf(`${name}-pod`, name, index * 60 + 60.2, index * 60 + 64)),
      reports: names.flatMap((name, index) => [
        reportOfJob(name, 'ACTIVE', index * 60 + 61),
        reportOfJob(name, 'COMPLETE', index * 60 + 66),
      ]),
      records: names.map((name) =>
        recordOfJob(name, { endTime: second(190), logs: { key: logOf(name), bytes: 1, complete: true } }),
      ),
      logs: names.map((name) => storedLog(logOf(name), 'x')),
      ...parts,
    },
    230,
  );
  recording.endedAt = second(230);
  const written = () => ({ bytes: 1, sha256: 'sha of x' });
  return Object.fromEntries(
    standingJudgements({ recording, fabric, written }).map(({ sentence, verdict }) => [sentence, verdict.value]),
  );
}

const sentences = {
  pods: 'a Job never has two pods that run at once',
  two: 'task: never two at once under Forbid',
  explained: 'each planned start is explained',
  slots: 'each run of a schedule has a slot of its own',
  back: 'the states of a run never go back',
  one: 'one record for each run',
  ended: 'each run that ended has its record',
  logs: 'each complete log is what the run wrote',
};

test('all of them hold where all is right', () => {
  expect(judge()).toEqual(Object.fromEntries(Object.values(sentences).map((sentence) => [sentence, 'true'])));
});

describe('says false:', () => {
  const late = { ...runs[1], ended: 200 } as JobWish;
  test.each<[keyof typeof sentences, Partial<Recording>]>([
    ['pods', { pods: [podOf('a', 'task-1', 60, 70), podOf('b', 'task-1', 65, 80)] }],
    ['two', { jobs: [runs[0], late, runs[2]].map((wish) => jobOf(wish as JobWish)) }],
    ['explained', { jobs: [runs[0], runs[2]].map((wish) => jobOf(wish as JobWish)) }],
    ['slots', { jobs: [...runs, { ...runs[2], name: 'twice' } as JobWish].map(jobOf) }],
    ['back', { reports: [reportOfJob('task-1', 'COMPLETE', 66), reportOfJob('task-1', 'ACTIVE', 67)] }],
    ['one', { records: [recordOfJob('task-1'), recordOfJob('task-1')] }],
    ['ended', { records: [recordOfJob('task-2'), recordOfJob('task-3')] }],
    ['logs', { logs: [] }],
  ])('%s', (judgement, parts) => {
    expect(judge(parts)[sentences[judgement]]).toBe('false');
  });
});

test('without a gateway nothing is asked of records, without content nothing of logs', () => {
  const { pods, two, explained, slots, ...ofGateway } = sentences;
  const alone = [pods, two, explained, slots];
  expect(Object.keys(judge({}, { gateway: false, content: false }))).toEqual(alone);
  expect(Object.keys(judge({}, { content: false }))).toEqual([
    ...alone,
    ...Object.values(ofGateway).filter((sentence) => sentence !== ofGateway.logs),
  ]);
});

test('where nothing happened they are silent', () => {
  const nothing = { tasks: [], jobs: [], pods: [], reports: [], records: [], logs: [] };
  expect(judge(nothing)).toEqual({});
});
