/**
 * `@every 10s` does not start six runs a minute. A CronJob names its Jobs by the scheduled *minute*, so the second slot
 * of a minute collides with the first and nothing starts until the next minute (seen on the real controller, under each
 * policy).
 */
import { forEach } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: '“@every 10s” starts one run a minute, because Jobs are named by the minute',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const task = await given.task('every-ten', { schedule: '@every 10s', script: 'sleep 30s; print done' });
    await when.timePasses('5m');
    await then.holds('at most one run a minute', (recording) => {
      const minutes = jobsOf(recording, task.name).map((job) => Math.floor((job.scheduledFor ?? 0) / 60_000));
      return forEach(minutes, 'runs', (minute) =>
        minutes.filter((other) => other === minute).length === 1 ? undefined : `two runs in minute ${minute}`,
      );
    });
    await then.runs(task, 5);
    await then.explained(task, 'skipped', /^a CronJob names its Jobs by the minute, and every-ten-\d+ has this one$/);
  },
});
