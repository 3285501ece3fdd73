/**
 * A Task with a schedule becomes a native CronJob; each slot makes a Job, each Job a record of its own, and the
 * schedule itself never becomes a record (seeds: "The crons schedule is NOT written to Gateway").
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A schedule starts a run at each slot, each with a record of its own',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const task = await given.task('every-five', { schedule: '*/5 * * * *', script: 'sleep 20s; print done' });
    await when.timePasses('21m');
    await then.ranFor(task, [
      '2026-01-01T00:05:00Z',
      '2026-01-01T00:10:00Z',
      '2026-01-01T00:15:00Z',
      '2026-01-01T00:20:00Z',
    ]);
    await then.starts(task, { started: 4 });
    await then.recorded(task, 'COMPLETE', { jobType: 'cron', scheduleName: 'every-five' });
    await then.holds('the schedule itself has no record', ({ records }) =>
      records.some((record) => record.name === task.name)
        ? fails('there is one')
        : holds(`${records.length} records, all of runs`),
    );
  },
});
