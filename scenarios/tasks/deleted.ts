/**
 * A Task that is deleted while it runs, and a schedule that is deleted between two runs. What runs is stopped, not
 * forgotten: its record says CANCELLED and keeps its log up to then; of the schedule no further run begins, and the
 * records of its runs stay.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A deleted Task is stopped and recorded as CANCELLED, a deleted schedule starts nothing more',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const running = await given.task('running', { script: 'print begun; sleep 1h; print never' });
    const schedule = await given.task('schedule', { schedule: '* * * * *', script: 'print done' });
    await when.timePasses('2m30s');
    await then.recorded(running, 'ACTIVE');
    await then.runs(schedule, 2);
    await when.deleted(running);
    await when.deleted(schedule);
    await when.timePasses('5m');
    await then.recorded(running, 'CANCELLED');
    await then.logged(running, 'begun');
    await then.runs(schedule, 2);
    await then.starts(schedule, { started: 2 });
    await then.recorded(schedule, 'COMPLETE');
    await then.logged(schedule, 'done');
    await then.holds('nothing of the two is left in the cluster', (recording) => {
      const jobs = [running, schedule].flatMap(({ name }) => jobsOf(recording, name));
      const left = [...jobs, ...recording.pods, ...recording.tasks].filter(({ deletedAt }) => deletedAt === undefined);
      return left.length === 0 ? holds(`${jobs.length} Jobs gone`) : fails(left.map(({ name }) => name).join(', '));
    });
  },
});
