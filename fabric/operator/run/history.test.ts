/** Which finished runs and Tasks are removed: the oldest beyond the limits, and those past their time. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Job } from '../../../kubernetes/objects.ts';
import type { Task } from '../../task/task.ts';
import { expiredRuns, surplusTasks } from './history.ts';
import { wireTime } from './time.ts';

const now = Date.UTC(2026, 0, 1, 12);

function run(name: string, end: 'Complete' | 'Failed' | undefined, startedAt: number | undefined): Job {
  const at = wireTime(startedAt ?? now);
  const conditions = end ? [{ type: end, status: 'True', lastTransitionTime: at }] : [];
  return {
    metadata: { name },
    spec: { template: {} },
    status: { conditions, ...(startedAt === undefined ? {} : { startTime: at }) },
  };
}

const names = (jobs: readonly Job[]) => jobs.map((job) => job.metadata?.name);

describe('runs of a schedule', () => {
  test('of each end the newest stay, by start and then by name; those without a start count as newest', () => {
    const runs = [
      run('d', 'Complete', undefined),
      run('c', 'Complete', now - 1000),
      run('b', 'Complete', now - 3000),
      run('a', 'Complete', now - 3000),
      run('x', 'Failed', now - 9000),
      run('y', undefined, now - 99_000),
    ];
    expect(names(expiredRuns(runs, { successful: 2, failed: 1 }, undefined, now).due)).toEqual(['a', 'b']);
    expect(names(expiredRuns(runs, { successful: 0, failed: 0 }, undefined, now).due)).toEqual([
      'x',
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  test('past their time to live go, and the next one is announced', () => {
    const runs = [run('old', 'Complete', now - 60_000), run('young', 'Failed', now - 10_000)];
    const { due, nextAt } = expiredRuns(runs, { successful: 9, failed: 9 }, 60_000, now);
    expect(names(due)).toEqual(['old']);
    expect(nextAt).toBe(now + 50_000);
  });

  test('exactly as many stay as the limits allow, and never one that has not ended', () => {
    const ends = fc.constantFrom<'Complete' | 'Failed' | undefined>('Complete', 'Failed', undefined);
    const starts = fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined });
    const runs = fc.array(fc.tuple(ends, starts), { maxLength: 30 });
    fc.assert(
      fc.property(runs, fc.nat(10), fc.nat(10), (drawn, successful, failed) => {
        const jobs = drawn.map(([end, start], index) => run(`run-${index}`, end, start && start * 1000));
        const { due } = expiredRuns(jobs, { successful, failed }, undefined, now);
        const left = drawn.filter((_, index) => !due.some((job) => job.metadata?.name === `run-${index}`));
        const count = (list: typeof drawn, end: string | undefined) => list.filter(([each]) => each === end).length;
        expect(count(left, 'Complete')).toBe(Math.min(successful, count(drawn, 'Complete')));
        expect(count(left, 'Failed')).toBe(Math.min(failed, count(drawn, 'Failed')));
        expect(count(left, undefined)).toBe(count(drawn, undefined));
      }),
    );
  });
});

test('of one-time Tasks the newest ends stay; cancelled ones count as failed', () => {
  const task = (name: string, state: 'COMPLETE' | 'FAILED' | 'CANCELLED' | 'ACTIVE', second: number): Task => ({
    metadata: { name },
    status: { state, endTime: wireTime(now + second * 1000) },
  });
  const tasks = [
    task('c', 'COMPLETE', 3),
    task('a', 'COMPLETE', 1),
    task('f', 'FAILED', 2),
    task('g', 'CANCELLED', 4),
    task('r', 'ACTIVE', 0),
  ];
  expect(surplusTasks(tasks, { successful: 1, failed: 1 }).map((each) => each.metadata?.name)).toEqual(['a', 'f']);
});
