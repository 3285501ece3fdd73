/**
 * A schedule of every minute as every cluster shows it within four: each slot makes a Job, each Job a record of its
 * own, and the schedule itself has none.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A schedule of every minute starts a run at each minute, each with a record and a log',
  async play({ given, when, then }) {
    const task = await given.task('minutely', { schedule: '* * * * *', script: 'print begun; sleep 10s; print done' });
    await when.timePasses('3m40s');
    await then.starts(task, { started: 3 });
    await then.ended(task, 'Complete');
    await then.recorded(task, 'COMPLETE', { jobType: 'cron', scheduleName: 'minutely', exitCode: 0 });
    await then.logged(task, 'done');
    await then.holds('the schedule itself has no record', ({ records }) =>
      records.some((record) => record.name === task.name)
        ? fails('there is one')
        : holds(`${records.length} records, all of runs`),
    );
  },
});
