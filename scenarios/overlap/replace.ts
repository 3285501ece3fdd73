/**
 * Runs that take 90 s on a schedule of every minute, under Replace: each new slot deletes the Job of the one before, so
 * none of them ever completes. Their records must say CANCELLED, with the whole of their logs up to then: a finalizer
 * must not keep the old run going.
 */

import { recordOf } from '../../harness/invariants/records.ts';
import { forEach } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'Under Replace, a new run takes the place of the one before, whose record says CANCELLED',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const task = await given.task('replace', {
      schedule: '* * * * *',
      concurrencyPolicy: 'Replace',
      script: 'print begun; sleep 90s; print done',
    });
    await when.timePasses('5m30s');
    await then.neverOverlaps(task);
    await then.starts(task, { replaced: 4, started: 1 });
    await then.explained(task, 'replaced', /^Replace: replace-\d+ took its place$/);
    await then.holds('the records of the replaced runs say CANCELLED, with their whole logs up to then', (recording) =>
      forEach(jobsOf(recording, task.name).slice(0, 4), 'replaced runs', (job) => {
        const record = recordOf(recording, job);
        if (record?.state !== 'CANCELLED') return `${job.name} is ${record?.state ?? 'not recorded'}`;
        if (record.logs?.complete !== true) return `the log of ${job.name}: ${JSON.stringify(record.logs)}`;
        const log = recording.logs.find((candidate) => candidate.key === record.logs?.key);
        return log?.text?.includes('begun') ? undefined : `the log of ${job.name} is ${JSON.stringify(log?.text)}`;
      }),
    );
    await then.holds('the pods of the replaced runs have ended', (recording) =>
      forEach(
        recording.pods.filter((pod) =>
          jobsOf(recording, task.name)
            .slice(0, 4)
            .some((job) => job.uid === pod.job),
        ),
        'pods of replaced runs',
        (pod) => (pod.finishedAt !== undefined || pod.deletedAt !== undefined ? undefined : `${pod.name} still runs`),
      ),
    );
  },
});
