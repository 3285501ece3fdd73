/**
 * What has had its time goes, within four minutes on any cluster: a finished one-time Task's Job after its time to
 * live, finished runs beyond their schedule's limits, each only when record and log are safe, and both stay.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'Finished Jobs go after their time to live and beyond their limits, records and logs stay',
  async play({ given, when, then }) {
    const once = await given.task('once', { ttlSecondsAfterFinished: 45, script: 'print done' });
    const good = await given.task('good', {
      schedule: '* * * * *',
      successfulJobsHistoryLimit: 1,
      script: 'print done',
    });
    const bad = await given.task('bad', {
      schedule: '* * * * *',
      failedJobsHistoryLimit: 0,
      script: 'print done; exit 3',
    });
    await when.timePasses('3m45s');
    for (const [task, runs, left] of [
      [once, 1, 0],
      [good, 3, 1],
      [bad, 3, 0],
    ] as const) {
      await then.runs(task, runs);
      await then.holds(`of ${runs} Jobs of ${task.name} ${left} are left`, (recording) => {
        const jobs = jobsOf(recording, task.name).filter((job) => job.deletedAt === undefined);
        return jobs.length === left ? holds(`${left}`) : fails(jobs.map((job) => job.name).join(', '));
      });
      await then.recorded(task, task === bad ? 'FAILED' : 'COMPLETE');
      await then.logged(task, 'done');
    }
  },
});
