/** Next and latest planned starts, and the reasons of those that were not made. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSchedule } from '../../../cron/schedule.ts';
import type { CronJob } from '../../../kubernetes/objects.ts';
import type { TaskSpec } from '../../task/task.ts';
import { explainStart, latestStart, nextStart } from './starts.ts';

const base = Date.UTC(2026, 0, 1);
const minute = 60_000;
const spec = (schedule: string, more: Partial<TaskSpec> = {}): TaskSpec => ({
  projectId: 'p',
  skillName: 's',
  actionName: 'a',
  image: 'i',
  schedule,
  ...more,
});

describe('the next start', () => {
  test('of a suspended schedule is none', () => {
    expect(nextStart(spec('* * * * *', { suspend: true }), base, base)).toBeUndefined();
  });

  test('of "@every" counts from the run before', () => {
    expect(nextStart(spec('@every 90s'), base + 10_000, base + 11_000)).toBe(base + 100_000);
    expect(nextStart(spec('@every 90s'), base + 10_000, base + 1_000_000)).toBe(base + 1_090_000);
    expect(nextStart(spec('@every 90s'), base + 10_000, base + 999_999)).toBe(base + 1_000_000);
  });
});

test('the latest start is the one that stepping from the base finds', () => {
  const schedules = fc.constantFrom('* * * * *', '*/7 3-5 * * *', '0 12 * * 1', '@daily', '@every 7m', '0-2 0 * * *');
  fc.assert(
    fc.property(schedules, fc.nat(3 * 86_400), (schedule, seconds) => {
      const until = base + seconds * 1000;
      let expected: number | undefined;
      const { nextAfter } = parseSchedule(schedule);
      for (let at = nextAfter(base); at !== undefined && at <= until; at = nextAfter(at)) expected = at;
      expect(latestStart(spec(schedule), base, until)).toBe(expected);
    }),
    { numRuns: 60 },
  );
});

test('the latest start of a rare schedule is found years back', () => {
  expect(latestStart(spec('@yearly'), Date.UTC(2023, 5, 1), Date.UTC(2025, 11, 31))).toBe(Date.UTC(2025, 0, 1));
});

describe('a start that was not made', () => {
  const cronJob = (fields: Partial<NonNullable<CronJob['spec']>>, active: string[] = [], last?: string): CronJob => ({
    metadata: { name: 'c' },
    spec: { schedule: '', jobTemplate: {}, ...fields },
    status: { active: active.map((name) => ({ name })), ...(last ? { lastScheduleTime: last } : {}) },
  });
  const plannedAt = base + 5 * minute;

  test.each<[string, CronJob, number, string]>([
    ['was made', cronJob({}, [], '2026-01-01T00:05:00Z'), plannedAt, 'Started'],
    ['was overtaken', cronJob({}, [], '2026-01-01T00:06:00Z'), plannedAt + minute, 'Started'],
    ['waits for the run before', cronJob({ concurrencyPolicy: 'Forbid' }, ['c-1']), plannedAt, 'PreviousRunActive'],
    ['is not held up under Allow', cronJob({ concurrencyPolicy: 'Allow' }, ['c-1']), plannedAt, 'NotStarted'],
    [
      'has missed its deadline, to the second',
      cronJob({ startingDeadlineSeconds: 60, concurrencyPolicy: 'Forbid' }, ['c-1']),
      plannedAt + minute,
      'DeadlineMissed',
    ],
    ['has a second left', cronJob({ startingDeadlineSeconds: 60 }), plannedAt + minute - 1000, 'NotStarted'],
    ['fell into a suspension', cronJob({ suspend: true }), plannedAt, 'Suspended'],
    ['shares its minute with another', cronJob({}, [], '2026-01-01T00:05:10Z'), plannedAt + 20_000, 'SameMinute'],
  ])('%s', (_what, given, at, reason) => {
    const planned = reason === 'SameMinute' ? plannedAt + 20_000 : plannedAt;
    const explained = explainStart(given, planned, at);
    expect(explained.reason).toBe(reason);
    expect(explained.started).toBe(reason === 'Started');
  });
});
