/**
 * Work for scenarios that disturb it, and what must be true of it afterwards: a schedule of every minute, a run of
 * minutes, and one that fails and is tried again. Not a scenario itself.
 */
import { fails, forEach, holds } from '../harness/invariants/verdict.ts';
import { jobsOf } from '../harness/recording/recording.ts';
import type { TaskReference } from '../harness/scenario/given.ts';
import type { Stage } from '../harness/scenario/scenario.ts';
import { equals } from '../harness/scenario/then.ts';

export interface Workload {
  readonly steady: TaskReference;
  readonly long: TaskReference;
  readonly failing: TaskReference;
}

export async function givenWorkload({ given }: Stage): Promise<Workload> {
  return {
    steady: await given.task('steady', {
      schedule: '* * * * *',
      script: 'print begun; log 50 lines; sleep 20s; log 50 lines; print done',
    }),
    long: await given.task('long', { script: 'print begun; log 100 lines; sleep 4m; log 100 lines; print done' }),
    failing: await given.task('failing', { backoffLimit: 1, script: 'print trying; sleep 30s; exit 3' }),
  };
}

/** Lets what runs come to its end, and what was held up be delivered. */
export async function workEnds({ when }: Stage, { steady }: Workload): Promise<void> {
  await when.suspended(steady);
  await when.timePasses('6m');
}

/**
 * Each of at least so many minutes started one run, each run has one record in its end state and its whole log; the
 * standing judges compare that log with what the run wrote.
 */
export async function nothingIsLost({ then }: Stage, work: Workload, minutes: number): Promise<void> {
  await then.holds(`the schedule started at least ${minutes} runs`, (recording) => {
    const { length } = jobsOf(recording, work.steady.name);
    return length >= minutes ? holds(`${length} runs`) : fails(`${length} runs`);
  });
  await then.runs(work.long, 1);
  await then.runs(work.failing, 1);
  for (const task of [work.steady, work.long]) {
    await then.recorded(task, 'COMPLETE', { exitCode: 0 });
    await then.logged(task, 'done');
  }
  await then.recorded(work.failing, 'FAILED', { exitCode: 3 });
  await then.holds('the log of the failing one holds both attempts, once each', ({ logs, records }) => {
    const key = records.find(({ name }) => name.startsWith('failing'))?.logs?.key;
    const text = logs.find((log) => log.key === key)?.text ?? '';
    return equals(text.split('trying').length - 1, 2);
  });
  await then.holds('each record says that its log is complete', ({ records }) =>
    forEach(records, 'records', ({ name, logs }) => (logs?.complete ? undefined : `${name}: ${JSON.stringify(logs)}`)),
  );
  await then.holds('no run was reported as new twice', ({ reports }) => {
    const created = reports.filter((report) => report.created).map((report) => report.uid);
    if (created.length === 0) return fails('no record was made');
    return new Set(created).size === created.length ? holds(`${created.length} made`) : fails('one was made twice');
  });
}
