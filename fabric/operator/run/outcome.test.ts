/** What a run is doing and how it ended: a table of Jobs and pods, and what they mean. */
import { describe, expect, test } from 'vitest';
import type { Job, Pod } from '../../../kubernetes/objects.ts';
import { runFacts } from './outcome.ts';

const at = (second: number) => `2026-01-01T00:00:${`${second}`.padStart(2, '0')}Z`;
const ms = (second: number) => Date.UTC(2026, 0, 1, 0, 0, second);

function job(
  status: Job['status'] = {},
  more: { deletedAt?: string; suspend?: boolean; backoffLimit?: number } = {},
): Job {
  const { deletedAt, ...spec } = more;
  return {
    metadata: { name: 'run', ...(deletedAt ? { deletionTimestamp: deletedAt } : {}) },
    spec: { template: {}, backoffLimit: 2, ...spec },
    status,
  };
}

type State = NonNullable<NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number]['state']>;

function pod(phase: string, state?: State, conditions?: NonNullable<Pod['status']>['conditions']): Pod {
  const container = {
    name: 'task',
    image: '',
    imageID: '',
    ready: false,
    restartCount: 0,
    ...(state ? { state } : {}),
  };
  return { status: { phase, containerStatuses: [container], ...(conditions ? { conditions } : {}) } };
}

const condition = (type: string, reason: string, message?: string) => ({
  type,
  status: 'True',
  reason,
  ...(message ? { message } : {}),
  lastTransitionTime: at(9),
});
const ended = (exitCode: number, reason = 'Error', second = 5, signal?: number): State => ({
  terminated: { exitCode, reason, finishedAt: at(second), ...(signal ? { signal } : {}) },
});

describe('a run that has not ended', () => {
  test.each<[string, Job, Pod[], string, string]>([
    ['no pod yet', job(), [], 'QUEUED', 'Created: waiting for its pod'],
    ['a suspended job', job({}, { suspend: true }), [], 'QUEUED', 'Suspended: the job is suspended'],
    ['a pod that waits', job({ active: 1 }), [pod('Pending')], 'QUEUED', 'Pending: waiting for its container'],
    [
      'an image that cannot be pulled',
      job(),
      [pod('Pending', { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } })],
      'QUEUED',
      'ImagePullBackOff: Back-off pulling image',
    ],
    [
      'no node with room',
      job(),
      [
        {
          status: {
            phase: 'Pending',
            conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
          },
        },
      ],
      'QUEUED',
      'Unschedulable: no node has room',
    ],
    ['a running container', job({ active: 1 }), [pod('Running', { running: {} })], 'ACTIVE', 'Running'],
    ['a container that has ended', job({ active: 1 }), [pod('Succeeded', ended(0))], 'ACTIVE', 'Running'],
    ['a counted failure whose pod is gone', job({ failed: 1 }), [], 'ACTIVE', 'Retrying: attempt 2 of 3'],
    [
      'a failed attempt',
      job({ failed: 1 }),
      [pod('Failed', ended(137, 'OOMKilled')), pod('Pending')],
      'ACTIVE',
      'Retrying: attempt 2 of 3, the last one: exit code 137 (OOMKilled)',
    ],
    [
      'an announced end',
      job({ succeeded: 1, conditions: [condition('SuccessCriteriaMet', 'CompletionsReached')] }),
      [pod('Succeeded', ended(0))],
      'ACTIVE',
      'Running',
    ],
    [
      'an announced failure',
      job({ failed: 1, conditions: [condition('FailureTarget', 'DeadlineExceeded')] }, { backoffLimit: 0 }),
      [],
      'ACTIVE',
      'Running',
    ],
  ])('%s', (_what, given, pods, state, statusReason) => {
    expect(runFacts(given, pods)).toMatchObject({ state, statusReason });
    expect(runFacts(given, pods).exitCode).toBeUndefined();
    expect(runFacts(given, pods).endTime).toBeUndefined();
  });
});

describe('a run that has ended', () => {
  test('completely: exit code 0 and the completion time', () => {
    const given = job({
      startTime: at(1),
      completionTime: at(8),
      conditions: [condition('Complete', 'CompletionsReached')],
    });
    expect(runFacts(given, [pod('Succeeded', ended(0))])).toEqual({
      state: 'COMPLETE',
      statusReason: 'Completed',
      exitCode: 0,
      startTime: ms(1),
      endTime: ms(8),
    });
  });

  test('as failed: the reason, its message, and the code of the last attempt', () => {
    const failed = condition('Failed', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
    const pods = [pod('Failed', ended(1, 'Error', 3)), pod('Failed', ended(7, 'Error', 6))];
    expect(runFacts(job({ conditions: [failed] }), pods)).toEqual({
      state: 'FAILED',
      statusReason: 'BackoffLimitExceeded: Job has reached the specified backoff limit; exit code 7',
      exitCode: 7,
      endTime: ms(9),
    });
  });

  test('as failed: with what the container says of its own end, in one line', () => {
    const failed = condition('Failed', 'BackoffLimitExceeded');
    const said = (message: string) => {
      const terminated = { exitCode: 1, reason: 'Error', finishedAt: at(3), message };
      return runFacts(job({ conditions: [failed] }), [pod('Failed', { terminated })]).statusReason;
    };
    expect(said('activation a-1 ended\nwith ERROR ')).toBe(
      'BackoffLimitExceeded: exit code 1: activation a-1 ended with ERROR',
    );
    expect(said(' \n')).toBe('BackoffLimitExceeded: exit code 1');
    expect(said('x'.repeat(4096))).toHaveLength('BackoffLimitExceeded: exit code 1: '.length + 512);
  });

  test('by its deadline: the signal that ended it', () => {
    const pods = [pod('Failed', ended(143, 'Error', 5, 15))];
    expect(runFacts(job({ conditions: [condition('Failed', 'DeadlineExceeded')] }), pods)).toMatchObject({
      state: 'FAILED',
      statusReason: 'DeadlineExceeded: ended by signal 15',
      exitCode: 143,
    });
  });

  test('by deletion: CANCELLED, with what it was deleted for', () => {
    expect(runFacts(job({ active: 1 }, { deletedAt: at(4) }), [])).toEqual({
      state: 'CANCELLED',
      statusReason: 'Deleted',
      endTime: ms(4),
    });
    expect(runFacts(job({}, { deletedAt: at(4) }), [pod('Failed', ended(143))], 'Replaced')).toMatchObject({
      statusReason: 'Replaced: exit code 143',
      exitCode: 143,
    });
  });

  test('and is deleted later: its end stays what it was', () => {
    const given = job({ conditions: [condition('Complete', 'CompletionsReached')] }, { deletedAt: at(20) });
    expect(runFacts(given, []).state).toBe('COMPLETE');
  });
});
