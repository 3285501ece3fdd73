/**
 * The operator keeps the history limits itself (Kubernetes' own could remove a Job that a stopped operator never saw):
 * at most so many finished runs stay in the cluster, while the gateway keeps a record of all of them.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'Finished runs beyond the history limits leave the cluster, their records and logs stay',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const good = await given.task('good', {
      schedule: '* * * * *',
      successfulJobsHistoryLimit: 2,
      script: 'print done',
    });
    const bad = await given.task('bad', {
      schedule: '* * * * *',
      failedJobsHistoryLimit: 1,
      script: 'print oh no; exit 3',
    });
    await when.timePasses('8m30s');
    for (const [task, limit] of [
      [good, 2],
      [bad, 1],
    ] as const) {
      await then.holds(`the newest ${limit} finished runs of ${task.name} are left`, (recording) => {
        const jobs = jobsOf(recording, task.name);
        const left = jobs.filter((job) => job.deletedAt === undefined);
        return left.length === limit && left.every((job) => jobs.slice(-limit).includes(job))
          ? holds(`${left.length} left`)
          : fails(`${left.map((job) => job.name).join(', ')} are left`);
      });
      await then.runs(task, 8);
    }
    await when.timePasses('2m');
    await then.recorded(good, 'COMPLETE');
    await then.recorded(bad, 'FAILED', { exitCode: 3 });
    await then.logged(good, 'done');
    await then.logged(bad, 'oh no');
  },
});
