/**
 * Managed content is away while a job writes and ends. The Job must not go before its log is safe: it waits, and once
 * content is back the whole log is stored and the record is complete.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { endOf, jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'While managed content is away no log is lost, and no Job goes before its log is safe',
  needs: ['virtual time', 'service restarts'],
  async play({ given, when, then }) {
    const task = await given.task('writing', {
      ttlSecondsAfterFinished: 30,
      script: 'print first; log 200 lines; sleep 90s; log 200 lines; print last',
    });
    await when.timePasses('30s');
    await when.dies('content');
    await when.timePasses('5m');
    await then.holds('the finished Job is still there', (recording) => {
      const [job] = jobsOf(recording, task.name);
      if (!job || !endOf(job)) return fails('it has not finished');
      return job.deletedAt === undefined ? holds(job.name) : fails('it has gone');
    });
    await when.comesBack('content');
    await when.timePasses('5m');
    await then.recorded(task, 'COMPLETE');
    await then.logged(task, 'first');
    await then.logged(task, 'last');
    await then.holds('then its time to live removes it', (recording) => {
      const [job] = jobsOf(recording, task.name);
      return job?.deletedAt === undefined ? fails('it is still there') : holds(`gone`);
    });
  },
});
