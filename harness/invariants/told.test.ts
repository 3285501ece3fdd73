/** Records and pods beside what Job and Task say: what equals passes, and each field that differs is named. */
import { describe, expect, test } from 'vitest';
import { labelsFor } from '../../fabric/task/labels.ts';
import type { TaskSpec } from '../../fabric/task/task.ts';
import { jobOf, podOf, recordingOf, recordOfJob, reportOfJob, second } from '../recording/histories.fixture.ts';
import type { Recording, TaskRecord } from '../recording/recording.ts';
import { seeJob, seePod, seeTask } from '../recording/seen.ts';
import { podsAreAsTold } from './pods-as-told.ts';
import { recordsSayWhatTheirRunsDid } from './record-fields.ts';

const spec: TaskSpec = {
  projectId: 'p',
  skillName: 'skill',
  actionName: 'run',
  image: 'image',
  args: ['a $(B)'],
  payload: '{"cost":"$5"}',
  environment: { A: '1' },
  resources: { limits: { cpu: 1 } },
  correlationId: 'c-1',
};
const time = (seconds: number) => new Date(second(seconds)).toISOString().replace('.000Z', 'Z');

const rightRecord: Partial<TaskRecord> = {
  name: 'task',
  projectId: 'p',
  skillName: 'skill',
  actionName: 'run',
  correlationId: 'c-1',
  scheduled: false,
  jobType: 'onetime',
  payload: '{"cost":"$5"}',
  spec: { ...spec, payload: undefined, backoffLimit: 0, resources: { limits: { cpu: '1' } } },
  statusReason: 'Completed',
  exitCode: 0,
  skippedStates: 1,
  createdAt: second(1),
  updatedAt: second(70),
  artifactsPrefix: 'tasks/task-1/',
  startTime: second(2),
  endTime: second(60),
};

const folder = { name: 'FABRIC_ARTIFACTS', value: 'tasks/task-1/' };

interface Wish {
  readonly record?: Partial<TaskRecord>;
  readonly container?: object;
}

/** One run of one Task in which all is right; parts may be made wrong. */
function seen({ record = {}, container = {} }: Wish = {}): Recording {
  const recording = recordingOf({
    jobs: [jobOf({ name: 'task', created: 1, ended: 60 })],
    pods: [podOf('task-pod', 'task', 2, 60)],
    records: [recordOfJob('task', { ...rightRecord, ...record })],
    reports: [reportOfJob('task', 'ACTIVE', 3), reportOfJob('task', 'COMPLETE', 61)],
  });
  seeTask(recording, { metadata: { uid: 'uid-of-the-task', generation: 1 }, spec });
  seeJob(recording, {
    metadata: {
      uid: 'uid-task',
      creationTimestamp: time(1),
      annotations: {
        'fabric.orrery.dev/task-uid': 'uid-of-the-task',
        'fabric.orrery.dev/task-generation': '1',
        'fabric.orrery.dev/log-folder': 'task-1',
      },
    },
    status: { startTime: time(2), completionTime: time(60) },
  });
  seePod(recording, {
    metadata: { uid: 'uid-task-pod', labels: labelsFor('task', spec) },
    spec: {
      containers: [
        {
          name: 'task',
          image: 'image',
          args: ['a $(B)', '{"cost":"$$5"}'],
          env: [folder, { name: 'A', value: '1' }],
          resources: { requests: { cpu: '1000m' }, limits: { cpu: '1' } },
          ...container,
        },
      ],
    },
  });
  return recording;
}

describe('a record', () => {
  test('that says what Job, Task and reports say is right', () => {
    expect(recordsSayWhatTheirRunsDid(seen())).toEqual({ value: 'true', because: '1 records field by field' });
  });

  test.each<[string, Partial<TaskRecord>]>([
    ['correlationId', { correlationId: 'c-2' }],
    ['payload', { payload: '{"cost":"5"}' }],
    ['endTime', { endTime: second(61) }],
    ['startTime', { startTime: undefined }],
    ['exitCode', { exitCode: 1 }],
    ['statusReason', { statusReason: '' }],
    ['skippedStates', { skippedStates: 0 }],
    ['scheduledTime', { scheduledTime: second(0) }],
    ['agentName', { agentName: 'nobody' }],
    ['createdAt', { createdAt: second(2) }],
    ['artifactsPrefix', { artifactsPrefix: 'tasks/task-2/' }],
    ['artifactsPrefix', { artifactsPrefix: undefined }],
    ['updatedAt', { updatedAt: second(9000) }],
    ['spec', { spec: { ...(rightRecord.spec as object), image: 'other' } }],
    ['spec', { spec: { ...(rightRecord.spec as object), backoffLimit: 1 } }],
  ])('with another %s is not', (field, record) => {
    const verdict = recordsSayWhatTheirRunsDid(seen({ record }));
    expect(verdict.value).toBe('false');
    expect(verdict.because.startsWith(`${field} of the record of task`)).toBe(true);
  });

  test('of a run that ended a moment ago is held to what does not depend on its end', () => {
    const recording = seen({ record: { endTime: undefined, exitCode: undefined } });
    recording.endedAt = second(80);
    expect(recordsSayWhatTheirRunsDid(recording).value).toBe('true');
  });
});

describe('a pod', () => {
  test('that has what its Task says is right, a quantity in any form', () => {
    expect(podsAreAsTold(seen()).value).toBe('true');
  });

  test.each<[string, object]>([
    ['image', { image: 'other' }],
    ['arguments', { args: ['a $(B)', '{"cost":"$5"}'] }],
    ['arguments', { args: ['{"cost":"$$5"}', 'a $(B)'] }],
    ['command', { command: ['sh'] }],
    ['variables', { env: [folder] }],
    ['the variable FABRIC_ARTIFACTS', { env: [{ name: 'A', value: '1' }] }],
    [
      'the variable FABRIC_ARTIFACTS',
      {
        env: [
          { ...folder, value: 'tasks/task-2/' },
          { name: 'A', value: '1' },
        ],
      },
    ],
    ['limits', { resources: { limits: { cpu: '2' }, requests: { cpu: '1' } } }],
  ])('with another %s is not', (what, container) => {
    const verdict = podsAreAsTold(seen({ container }));
    expect(verdict.value).toBe('false');
    expect(verdict.because).toContain(what);
  });
});
