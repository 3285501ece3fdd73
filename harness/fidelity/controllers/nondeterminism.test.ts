/** What of a timeline is left where the real cluster is not deterministic. */
import { describe, expect, test } from 'vitest';
import type { Moment } from './moment.ts';
import { settled } from './nondeterminism.ts';

const moments = (...all: readonly (readonly [atMs: number, text: string])[]): Moment[] =>
  all.map(([atMs, text]) => ({ atMs, text, times: {} }));
const texts = (line: readonly Moment[] | undefined) => line?.map(({ text }) => text);

describe('a settled timeline', () => {
  test('has events of one reason in one burst in the order of their texts, and no others', () => {
    const line = 'events of job/work by job-controller';
    const burst = moments(
      [0, 'Normal SuccessfulCreate ×1: b'],
      [10, 'Normal SuccessfulCreate ×1: a'],
      [20, 'Normal Suspended ×1: c'],
      [5_000, 'Normal SuccessfulCreate ×1: b'],
      [9_000, 'Normal SuccessfulCreate ×1: a'],
    );
    const order = texts(settled({ [line]: burst })[line])?.map((text) => text.at(-1));
    expect(order).toEqual(['a', 'b', 'c', 'b', 'a']);
  });

  test('has no count of what a CronJob tells again from a stale cache, and all other counts', () => {
    const line = 'events of cronjob/tick by cronjob-controller';
    const told = moments([0, 'Normal SawCompletedJob ×2: a'], [5_000, 'Normal JobAlreadyActive ×2: b']);
    const plain = ['Normal SawCompletedJob: a', 'Normal JobAlreadyActive ×2: b'];
    expect(texts(settled({ [line]: told })[line])).toEqual(plain);
  });

  test('has a missing Job marked as chance where its CronJob says too that it has completed or was deleted, and nowhere else', () => {
    const line = 'events of cronjob/tick by cronjob-controller';
    const told = moments(
      [0, 'Normal MissingJob ×1: Active job went missing: tick-<minute 2>'],
      [10, 'Normal SawCompletedJob ×1: Saw completed job: tick-<minute 1>, condition: Complete'],
      [20, 'Normal MissingJob ×1: Active job went missing: tick-<minute 1>'],
      [30, 'Normal MissingJob ×1: Active job went missing: tick-<minute 2>'],
      [40, 'Normal SuccessfulDelete ×1: Deleted job tick-<minute 3>'],
      [50, 'Normal MissingJob ×1: Active job went missing: tick-<minute 3>'],
    );
    const marks = settled({ [line]: told })[line]?.map(({ isChance = false }) => isChance);
    expect(marks).toEqual([false, false, true, false, false, true]);
  });

  test('has the turning points of the number of ready pods', () => {
    const line = 'job/work, its ready pods';
    const timeline = { [line]: moments([0, '0'], [1_000, '1'], [2_000, '3'], [9_000, '2'], [20_000, '0']) };
    expect(texts(settled(timeline)[line])).toEqual(['0', '3', '0']);
  });

  test('has what was ready too short to be seen surely, and its end, marked as chance', () => {
    const line = 'job/work, its ready pods';
    const timeline = { [line]: moments([0, 'none'], [0, '0'], [1_000, '1'], [3_500, '0']) };
    const marks = settled(timeline)[line]?.map(({ isChance = false }) => isChance);
    expect(marks).toEqual([false, false, true, true]);
  });

  test('leaves out that a pod lost its finalizer only where it is being deleted', () => {
    const pod = moments([0, 'created, kept by x'], [9, 'kept by nothing']);
    expect(texts(settled({ 'pod/work': pod })['pod/work'])).toHaveLength(2);
    const deleted = settled({ 'pod/work': pod, 'pod/work, its deletion': moments([5, 'gone']) });
    expect(texts(deleted['pod/work'])).toEqual(['created, kept by x']);
  });
});
