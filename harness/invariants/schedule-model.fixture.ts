/**
 * A small CronJob controller that makes histories for the tests of planned starts: it looks at each slot, at each end
 * of a run and at each resumption, and follows semantics 2.5. All instants are seconds after midnight.
 */
import fc from 'fast-check';
import { jobOf, recordingOf, taskOf } from '../recording/histories.fixture.ts';
import type { JobHistory, Recording, TaskPlan } from '../recording/recording.ts';

export interface History {
  readonly policy: TaskPlan['concurrencyPolicy'];
  readonly intervalMinutes: number;
  readonly deadlineSeconds: number | undefined;
  /** How long the runs take, one after the other and over again. */
  readonly runSeconds: readonly number[];
  /** Instants at which suspension is switched, on first. */
  readonly switches: readonly number[];
}

export interface ModelRun {
  readonly slot: number;
  readonly created: number;
  readonly end: number;
  replacedAt?: number;
}

export const horizonSeconds = 1800;
const lagSeconds = 0.01;

/** Ends, switches and deadlines keep clear of the slots, so that what a judge must tolerate never decides. */
export const history: fc.Arbitrary<History> = fc.record({
  policy: fc.constantFrom('Allow', 'Forbid', 'Replace'),
  intervalMinutes: fc.constantFrom(1, 2, 3, 5),
  deadlineSeconds: fc.option(fc.constantFrom(8, 18, 38, 78, 158), { nil: undefined }),
  runSeconds: fc.array(
    fc.integer({ min: 0, max: 40 }).map((tens) => tens * 10 + 5),
    { minLength: 1, maxLength: 5 },
  ),
  switches: fc
    .uniqueArray(fc.integer({ min: 1, max: horizonSeconds / 10 - 1 }), { maxLength: 4 })
    .map((tens) => tens.sort((left, right) => left - right).map((ten) => ten * 10 + 5)),
});

export function runsOf(history: History): ModelRun[] {
  const runs: ModelRun[] = [];
  let last = 0;
  for (let now = next(history, runs, -1); now <= horizonSeconds; now = next(history, runs, now)) {
    const slot = Math.floor(now / (history.intervalMinutes * 60)) * history.intervalMinutes * 60;
    if (isSuspended(history, now) || slot <= last) continue;
    if (history.deadlineSeconds !== undefined && now - slot >= history.deadlineSeconds) continue;
    const active = runs.filter((run) => run.replacedAt === undefined && run.end > now);
    if (history.policy === 'Forbid' && active.length > 0) continue;
    if (history.policy === 'Replace') for (const run of active) run.replacedAt = now + lagSeconds;
    const seconds = history.runSeconds[runs.length % history.runSeconds.length] ?? 5;
    runs.push({ slot, created: now + lagSeconds, end: now + lagSeconds + seconds });
    last = slot;
  }
  return runs;
}

function isSuspended({ switches }: History, now: number): boolean {
  return switches.filter((at) => at <= now).length % 2 === 1;
}

/** When the controller looks again. */
function next({ intervalMinutes, switches }: History, runs: readonly ModelRun[], now: number): number {
  const slot = (Math.floor(now / (intervalMinutes * 60)) + 1) * intervalMinutes * 60;
  const ends = runs.filter((run) => run.replacedAt === undefined).map((run) => run.end);
  return Math.min(slot, ...[...ends, ...switches].filter((at) => at > now));
}

export function recordingOfRuns(history: History, runs: readonly ModelRun[]): Recording {
  const schedule = `*/${history.intervalMinutes} * * * *`;
  const common = {
    schedule,
    concurrencyPolicy: history.policy,
    ...(history.deadlineSeconds === undefined ? {} : { startingDeadlineSeconds: history.deadlineSeconds }),
  };
  const plans = [0, ...history.switches].map((after, index) => ({ ...common, after, suspend: index % 2 === 1 }));
  return recordingOf({ tasks: [taskOf(plans)], jobs: runs.map(jobOfRun) }, horizonSeconds);
}

function jobOfRun(run: ModelRun): JobHistory {
  const { slot, created, end, replacedAt } = run;
  const wish = { name: `task-${slot / 60}`, scheduledFor: slot, created };
  if (replacedAt !== undefined) return jobOf({ ...wish, deletionRequested: replacedAt, deleted: replacedAt + 1 });
  return jobOf(end > horizonSeconds ? wish : { ...wish, ended: end });
}
