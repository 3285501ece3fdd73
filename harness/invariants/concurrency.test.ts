/** The judges of concurrency: a case for each verdict, and a count checked against a slow one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JobWish, jobOf, podOf, recordingOf } from '../recording/histories.fixture.ts';
import { mostAtOnce, neverTwoAtOnce, onePodAtATime, overlaps } from './concurrency.ts';

const seen = (...wishes: JobWish[]) => recordingOf({ jobs: wishes.map(jobOf) });

describe('never two at once', () => {
  test.each<[string, 'true' | 'false' | 'unknown', JobWish[]]>([
    [
      'one after the other',
      'true',
      [
        { name: 'a', created: 0, ended: 10 },
        { name: 'b', created: 10 },
      ],
    ],
    [
      'seen in another order',
      'true',
      [
        { name: 'b', created: 10 },
        { name: 'a', created: 0, ended: 10 },
      ],
    ],
    [
      'the end seen a breath late',
      'true',
      [
        { name: 'a', created: 0, ended: 10.05 },
        { name: 'b', created: 10 },
      ],
    ],
    [
      'the one before was told to go',
      'true',
      [
        { name: 'a', created: 0, deletionRequested: 10, deleted: 50 },
        { name: 'b', created: 10 },
      ],
    ],
    [
      'the one before never ended',
      'false',
      [
        { name: 'a', created: 0 },
        { name: 'b', created: 10 },
      ],
    ],
    [
      'the one before ended later',
      'false',
      [
        { name: 'a', created: 0, ended: 12 },
        { name: 'b', created: 10, ended: 11 },
      ],
    ],
    [
      'only the last two overlap',
      'false',
      [
        { name: 'a', created: 0, ended: 5 },
        { name: 'b', created: 10, ended: 30 },
        { name: 'c', created: 20 },
      ],
    ],
    ['a single run', 'unknown', [{ name: 'a', created: 0 }]],
    [
      'runs of other Tasks',
      'unknown',
      [
        { name: 'a', created: 0 },
        { name: 'b', task: 'other', created: 0 },
      ],
    ],
  ])('%s: %s', (_case, value, wishes) => {
    expect(neverTwoAtOnce(seen(...wishes), 'task').value).toBe(value);
  });
});

describe('runs overlap', () => {
  test('when two are active together', () => {
    expect(overlaps(seen({ name: 'a', created: 0, ended: 20 }, { name: 'b', created: 10 }), 'task').value).toBe('true');
  });
  test('not when one ends as the next begins', () => {
    expect(overlaps(seen({ name: 'a', created: 0, ended: 10 }, { name: 'b', created: 10 }), 'task').value).toBe(
      'false',
    );
  });

  test('as many at once as at the fullest instant', () => {
    const span = fc.record({ created: fc.nat(50), length: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
        const wishes = spans.map(({ created, length }, index) => ({
          name: `${index}`,
          created,
          ended: created + length,
        }));
        const countAt = (at: number) =>
          spans.filter(({ created, length }) => created <= at && at < created + length).length;
        const fullest = Math.max(0, ...spans.map(({ created }) => countAt(created)));
        expect(mostAtOnce(seen(...wishes), 'task')).toBe(fullest);
      }),
    );
  });
});

describe('one pod at a time', () => {
  const jobs = [jobOf({ name: 'a', created: 0 }), jobOf({ name: 'b', created: 0 })];
  test.each([
    ['attempts one after the other', 'true', [podOf('a-1', 'a', 0, 10), podOf('a-2', 'a', 20, 30)]],
    ['pods of two Jobs', 'true', [podOf('a-1', 'a', 0, 10), podOf('b-1', 'b', 5, 15)]],
    ['a second attempt beside the first', 'false', [podOf('a-1', 'a', 0, 10), podOf('a-2', 'a', 5, 15)]],
    ['both at the same instant', 'false', [podOf('a-1', 'a', 0, 10), podOf('a-2', 'a', 0, 10)]],
    ['the first never ended', 'false', [podOf('a-1', 'a', 0), podOf('a-2', 'a', 500, 600)]],
    ['no pods', 'unknown', []],
    ['a pod of no Job', 'unknown', [podOf('daemon', 'nothing', 0)].map(({ job: _, ...pod }) => pod)],
  ] as const)('%s: %s', (_case, value, pods) => {
    expect(onePodAtATime(recordingOf({ jobs, pods: [...pods] })).value).toBe(value);
  });
  test('a pod that never ran is no proof', () => {
    const { runningAt: _, ...waiting } = podOf('a-1', 'a', 0);
    expect(onePodAtATime(recordingOf({ jobs, pods: [waiting] })).value).toBe('unknown');
  });
});
