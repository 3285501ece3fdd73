/**
 * Each planned start has exactly one explanation, and one that was dropped has none. Checked against histories of a
 * small controller, then case by case.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JobWish, jobOf, recordingOf, second, taskOf } from '../recording/histories.fixture.ts';
import type { FaultSpan, Recording } from '../recording/recording.ts';
import { everyRunWasPlanned, everyStartExplained, ON_TIME_MS, plannedStarts } from './planned-starts.ts';
import { type History, history, horizonSeconds, recordingOfRuns, runsOf } from './schedule-model.fixture.ts';

describe('of any history that a right controller makes', () => {
  test('each slot has one explanation, and it tells what happened', () => {
    fc.assert(
      fc.property(history, (plan) => {
        const runs = runsOf(plan);
        const starts = plannedStarts(recordingOfRuns(plan, runs));
        expect(starts.map(({ at }) => at)).toEqual(slotsBefore(plan, horizonSeconds - ON_TIME_MS / 1000));
        for (const start of starts) {
          const run = runs.find(({ slot }) => second(slot) === start.at);
          const delayMs = run ? second(run.created) - start.at : 0;
          const late = delayMs > ON_TIME_MS ? 'delayed' : 'started';
          const wanted = !run ? 'skipped' : run.replacedAt === undefined ? late : 'replaced';
          expect(`${start.outcome} (${start.rule})`).toMatch(new RegExp(`^${wanted} `));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('each run has a slot of its own', () => {
    fc.assert(
      fc.property(history, (plan) => {
        const runs = runsOf(plan);
        const wanted = runs.length === 0 ? 'unknown' : 'true';
        expect(everyRunWasPlanned(recordingOfRuns(plan, runs)).value).toBe(wanted);
      }),
    );
  });

  test('a start that was dropped is unexplained', () => {
    fc.assert(
      fc.property(history, fc.nat(), (plan, choice) => {
        const runs = runsOf(plan);
        const dropped = runs[choice % Math.max(1, runs.length)];
        fc.pre(dropped !== undefined && dropped.created < horizonSeconds - 10);
        const rest = runs.filter((run) => run !== dropped);
        const start = plannedStarts(recordingOfRuns(plan, rest)).find(({ at }) => at === second(dropped.slot));
        expect(start?.outcome).toBe('unexplained');
      }),
      { numRuns: 500 },
    );
  });

  test('a start that dawdled is unexplained', () => {
    fc.assert(
      fc.property(history, fc.nat(), (plan, choice) => {
        const runs = runsOf(plan).map((run) => ({ ...run }));
        const index = choice % Math.max(1, runs.length);
        const run = runs[index];
        fc.pre(run !== undefined && run.created < horizonSeconds - 40);
        runs[index] = { ...run, created: run.created + 20, end: run.end + 20 };
        const start = plannedStarts(recordingOfRuns(plan, runs)).find(({ at }) => at === second(run.slot));
        expect(start?.outcome).toBe('unexplained');
      }),
    );
  });
});

function slotsBefore({ intervalMinutes }: History, end: number): number[] {
  const slots: number[] = [];
  for (let at = intervalMinutes * 60; at <= end; at += intervalMinutes * 60) slots.push(second(at));
  return slots;
}

type Plans = Parameters<typeof taskOf>[0];
const minutely = { schedule: '* * * * *' };

function told(plans: Plans, jobs: readonly JobWish[], endsAfter: number, faults: FaultSpan[] = []): string[] {
  const recording = recordingOf({ tasks: [taskOf(plans)], jobs: jobs.map(jobOf), faults }, endsAfter);
  return plannedStarts(recording).map(({ outcome, rule }) => `${outcome}: ${rule}`);
}

const run = (minute: number, created = minute * 60 + 0.1, ended = created + 5): JobWish => ({
  name: `task-${minute}`,
  scheduledFor: minute * 60,
  created,
  ended,
});

describe('the rule that is given', () => {
  test('Forbid: waited, overtaken, still running', () => {
    const forbid = { ...minutely, concurrencyPolicy: 'Forbid' as const };
    const long = run(1, 60.1, 190);
    expect(told([forbid], [long, { ...run(3, 190.1), ended: 1000 }], 250)).toEqual([
      'started: on time',
      'skipped: Forbid: task-1 was still running; a later start overtook this one',
      'delayed: Forbid: waited for the end of task-1',
      'skipped: Forbid: task-3 was still running',
    ]);
  });

  test('Forbid waits for a Job that was told to go, until it has gone', () => {
    const forbid = { ...minutely, concurrencyPolicy: 'Forbid' as const };
    const { ended: _, ...going } = run(1);
    const jobs = [{ ...going, deletionRequested: 70, deleted: 150 }, run(2, 150.1)];
    expect(told([forbid], jobs, 170)).toEqual(['started: on time', 'delayed: Forbid: waited for the end of task-1']);
  });

  test('Replace: which run took the place', () => {
    const { ended: _, ...first } = run(1);
    const jobs = [{ ...first, deletionRequested: 120.1, deleted: 121 }, run(2)];
    expect(told([{ ...minutely, concurrencyPolicy: 'Replace' }], jobs, 170)).toEqual([
      'replaced: Replace: task-2 took its place',
      'started: on time',
    ]);
  });

  test('Replace explains no missing start', () => {
    expect(told([{ ...minutely, concurrencyPolicy: 'Replace' }], [run(1, 60.1, 300), run(3)], 200)).toEqual([
      'started: on time',
      'unexplained: no run was made for it, and no rule of Kubernetes says why',
      'started: on time',
    ]);
  });

  test('suspended: for ever, overtaken, made up for', () => {
    expect(told([{ ...minutely, suspend: true }], [], 70)).toEqual(['skipped: suspended']);
    const plans = [
      { ...minutely, suspend: true },
      { ...minutely, after: 150 },
    ];
    expect(told(plans, [run(2, 150.1)], 170)).toEqual([
      'skipped: suspended; a later start overtook this one',
      'delayed: suspended; the latest missed start is made up for',
    ]);
  });

  test('a deadline: passed only where something held the start up', () => {
    const deadline = { ...minutely, schedule: '*/10 * * * *', startingDeadlineSeconds: 60 };
    const plans = [
      { ...deadline, suspend: true },
      { ...deadline, after: 700 },
    ];
    expect(told(plans, [], 800)).toEqual(['skipped: suspended; startingDeadlineSeconds 60 passed']);
    expect(told([deadline], [], 800)).toEqual([
      'unexplained: no run was made for it, and no rule of Kubernetes says why',
    ]);
    expect(told([{ ...deadline, startingDeadlineSeconds: 0 }], [], 800)).toEqual([
      'skipped: startingDeadlineSeconds 0 passed',
    ]);
  });

  test('@every 10s: the minute’s name is taken, and the next minute’s start may come late', () => {
    const rules = told(
      [{ schedule: '@every 10s' }],
      [
        { ...run(0, 10.1), scheduledFor: 10 },
        { ...run(1, 88), scheduledFor: 80 },
      ],
      100,
    );
    expect(rules.slice(0, 2)).toEqual([
      'started: on time',
      'skipped: a CronJob names its Jobs by the minute, and task-0 has this one',
    ]);
    expect(rules[7]).toMatch(/^delayed: the name .* was taken/);
  });

  test('@every counts from the second in which the CronJob was made', () => {
    const plans = [{ schedule: '@every 7m', after: 0.99 }];
    expect(told(plans, [{ ...run(7, 421.1), scheduledFor: 421 }], 500)).toEqual(['started: on time']);
  });

  test('an uneven schedule: Kubernetes’ estimate may jump past what was missed', () => {
    const uneven = { schedule: '0-2 0 * * *' };
    const day = 86_400;
    const plans = [
      { ...uneven, suspend: true },
      { ...uneven, after: 3 * day + 7200 },
    ];
    const rules = told(plans, [], 3 * day + 10_000);
    expect(rules.at(-1)).toMatch(/^skipped: suspended; Kubernetes’ estimate/);
    expect(rules.filter((rule) => rule.startsWith('unexplained'))).toEqual([]);
  });

  test('an operator that is away keeps a change from the cluster, and explains nothing else', () => {
    const away: FaultSpan = { description: 'operator down', service: 'operator', from: second(90), to: second(200) };
    const resumed = [
      { ...minutely, suspend: true },
      { ...minutely, after: 100 },
    ];
    expect(told(resumed, [run(3, 200.1)], 230, [away])).toEqual([
      'skipped: the operator was away, and the cluster did not know of the change',
      'skipped: the operator was away, and the cluster did not know of the change',
      'delayed: the operator was away',
    ]);
    expect(told([minutely], [run(1), run(3)], 230, [away])[1]).toMatch(/^unexplained/);
  });

  test('a schedule that cannot be read has no planned starts', () => {
    expect(told([{ schedule: 'sometimes' }], [], 500)).toEqual([]);
  });

  test('a deleted Task plans nothing more', () => {
    const task = { ...taskOf([minutely]), deletionRequestedAt: second(100) };
    expect(plannedStarts(recordingOf({ tasks: [task], jobs: [jobOf(run(1))] }, 500))).toHaveLength(1);
  });
});

describe('a run that must not be', () => {
  test.each<[string, Plans, JobWish[], RegExp]>([
    ['before its time', [minutely], [run(1, 50)], /began 10000 ms before its time/],
    ['while suspended', [{ ...minutely, suspend: true }], [run(1)], /began although it had to wait \(suspended\)/],
    [
      'behind Forbid',
      [{ ...minutely, concurrencyPolicy: 'Forbid' }],
      [run(1, 60.1, 300), run(2)],
      /Forbid: task-1 was still running/,
    ],
    [
      'after its deadline',
      [
        { schedule: '0 * * * *', startingDeadlineSeconds: 20, suspend: true },
        { schedule: '0 * * * *', startingDeadlineSeconds: 20, after: 3660 },
      ],
      [run(60, 3660.1)],
      /after its deadline/,
    ],
    [
      'for an overtaken slot',
      [
        { ...minutely, suspend: true },
        { ...minutely, after: 130 },
      ],
      [run(1, 130.1)],
      /when a later start was due/,
    ],
  ])('%s', (_case, plans, jobs, objection) => {
    const end = (jobs.at(-1)?.created ?? 0) + 20;
    expect(
      told(plans, jobs, end)
        .filter((words) => words.startsWith('unexplained'))
        .join(),
    ).toMatch(objection);
  });
});

describe('the judges', () => {
  const of = (jobs: readonly JobWish[]): Recording =>
    recordingOf({ tasks: [taskOf([minutely])], jobs: jobs.map(jobOf) }, 190);
  const all = [run(1), run(2), run(3)];
  test('each start explained: true, false, unknown', () => {
    expect(everyStartExplained(of(all)).value).toBe('true');
    expect(everyStartExplained(of(all.slice(1))).value).toBe('false');
    expect(everyStartExplained(recordingOf({ tasks: [taskOf([{}])] })).value).toBe('unknown');
  });
  test('each run planned: true, false, unknown', () => {
    expect(everyRunWasPlanned(of(all)).value).toBe('true');
    expect(everyRunWasPlanned(of([...all, { ...run(3), name: 'task-3-again' }])).because).toMatch(/second run/);
    expect(everyRunWasPlanned(of([{ ...run(1), scheduledFor: 90 }])).because).toMatch(/which is no slot/);
    const { scheduledFor: _, ...byHand } = run(1);
    expect(everyRunWasPlanned(of([byHand])).value).toBe('false');
    expect(everyRunWasPlanned(of([])).value).toBe('unknown');
  });
});
