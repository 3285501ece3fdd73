/**
 * Replace as every cluster shows it within four minutes: each minute's run takes the place of the one before, whose
 * record says CANCELLED and whose log is kept up to then.
 */
import { recordOf } from '../../harness/invariants/records.ts';
import { forEach } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'Under Replace, two of three runs are replaced, and their records say CANCELLED',
  async play({ given, when, then }) {
    const task = await given.task('replace', {
      schedule: '* * * * *',
      concurrencyPolicy: 'Replace',
      script: 'print begun; sleep 5m; print done',
    });
    await when.timePasses('3m45s');
    await then.neverOverlaps(task);
    await then.starts(task, { replaced: 2, started: 1 });
    await then.holds('the records of the replaced runs say CANCELLED, with their logs up to then', (recording) =>
      forEach(jobsOf(recording, task.name).slice(0, 2), 'replaced runs', (job) => {
        const record = recordOf(recording, job);
        if (record?.state !== 'CANCELLED') return `${job.name} is ${record?.state ?? 'not recorded'}`;
        const log = recording.logs.find((candidate) => candidate.key === record.logs?.key);
        return log?.text?.includes('begun') ? undefined : `the log of ${job.name} is ${JSON.stringify(log?.text)}`;
      }),
    );
  },
});
