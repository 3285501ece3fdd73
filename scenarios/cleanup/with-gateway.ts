/**
 * What is safe to remove goes: finished one-time Tasks' Jobs after their time to live, finished runs beyond the
 * schedule's limits; completed and failed alike. Never before record and log are safe, and both stay readable
 * afterwards.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'Finished Jobs are removed once their record and log are safe, which stay',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const tasks = [
      await given.task('once-good', { ttlSecondsAfterFinished: 60, script: 'print good' }),
      await given.task('once-bad', { ttlSecondsAfterFinished: 60, script: 'print bad; exit 2' }),
      await given.task('cron-good', { schedule: '*/2 * * * *', successfulJobsHistoryLimit: 0, script: 'print good' }),
      await given.task('cron-bad', { schedule: '*/2 * * * *', failedJobsHistoryLimit: 0, script: 'print bad; exit 2' }),
    ];
    await when.timePasses('7m');
    for (const task of tasks) {
      const good = task.name.endsWith('good');
      await then.holds(`the finished Jobs of ${task.name} have gone`, (recording) => {
        const jobs = jobsOf(recording, task.name);
        const left = jobs.filter((job) => job.deletedAt === undefined);
        if (jobs.length === 0) return fails('there were none');
        return left.length === 0
          ? holds(`${jobs.length} removed`)
          : fails(`${left.map((job) => job.name).join(', ')} are left`);
      });
      await then.recorded(task, good ? 'COMPLETE' : 'FAILED');
      await then.logged(task, good ? 'good' : 'bad');
    }
  },
});
