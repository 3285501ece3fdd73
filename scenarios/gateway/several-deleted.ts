/**
 * Deleting several tasks with one request: one that runs, a schedule, and a run of it that has ended. All of them go
 * and nothing else does; with an unknown one among them none goes.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

const tasks = '/fabric/v4/projects/proj1/tasks';

export default scenario({
  title: 'One request deletes all the tasks that it names, or none when one is unknown',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const running = await given.task('running', { script: 'print begun; sleep 1h' });
    const kept = await given.task('kept', { script: 'print begun; sleep 1h' });
    const schedule = await given.task('schedule', { schedule: '* * * * *', script: 'print done' });
    await when.timePasses('2m30s');
    const refused = await when.asked(`${tasks}/running,nobody,schedule`, { method: 'DELETE' });
    then.add('an unknown one among them is a 404', equals(refused.status, 404));
    await when.timePasses('1m');
    await then.recorded(running, 'ACTIVE');
    await then.runs(schedule, 3);
    const deleted = await when.asked(`${tasks}/running,schedule?verbose=false`, { method: 'DELETE' });
    const message = 'Successfully marked tasks running, schedule for delete';
    then.add('deleting both answers in the seeds’ words', equals(JSON.parse(deleted.text), { success: true, message }));
    await when.timePasses('2m30s');
    await then.recorded(running, 'CANCELLED');
    await then.logged(running, 'begun');
    await then.runs(schedule, 3);
    await then.recorded(kept, 'ACTIVE');
    await then.holds('the Jobs of both have gone, the other one’s is there', (recording) => {
      const left = [running, schedule, kept].filter(({ name }) =>
        jobsOf(recording, name).some((job) => job.deletedAt === undefined),
      );
      return left.length === 1 && left[0]?.name === 'kept' ? holds('kept') : fails(left.map(({ name }) => name).join());
    });
  },
});
