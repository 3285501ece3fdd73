/**
 * “@every 10s” as every cluster shows it within four minutes: Jobs are named by the minute, so that only one a minute
 * can be made. Each slot between is an error to the controller, which then tries again after 10, 20, 40 s: the next
 * minute's run may begin as late as half past.
 */
import { forEach } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: '“@every 10s” starts one run in each of four minutes',
  async play({ given, when, then }) {
    const task = await given.task('every-ten', { schedule: '@every 10s', script: 'print done' });
    await when.timePasses('3m50s');
    await then.holds('at most one run a minute', (recording) => {
      const minutes = jobsOf(recording, task.name).map((job) => Math.floor((job.scheduledFor ?? 0) / 60_000));
      return forEach(minutes, 'runs', (minute) =>
        minutes.filter((other) => other === minute).length === 1 ? undefined : `two runs in minute ${minute}`,
      );
    });
    await then.runs(task, 4);
  },
});
