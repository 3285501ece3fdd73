/**
 * For four minutes nothing passes between the operator and Kubernetes. The schedule goes on without it, as CronJobs do;
 * a Task that is made meanwhile waits. When the partition heals the operator's view is old: it must catch up, not start
 * again.
 */
import { jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { givenWorkload, nothingIsLost, workEnds } from '../workload.ts';

export default scenario({
  title: 'Cut off from Kubernetes for four minutes, the operator catches up with all that happened',
  needs: ['network faults'],
  async play(stage) {
    const { given, when, then } = stage;
    const work = await givenWorkload(stage);
    await when.timePasses('2m30s');
    const heal = when.fault({ kind: 'partition', from: 'operator', to: 'kubernetes' });
    await when.timePasses('1m');
    const unseen = await given.task('unseen', { script: 'print begun; print done' });
    await when.timePasses('3m');
    await then.runs(unseen, 0);
    await then.holds('the schedule went on by itself', (recording) => {
      const count = jobsOf(recording, work.steady.name).length;
      return { value: count === 6 ? 'true' : 'false', because: `${count} runs` };
    });
    heal();
    await when.timePasses('2m');
    await workEnds(stage, work);
    await then.runs(unseen, 1);
    await then.recorded(unseen, 'COMPLETE');
    await then.logged(unseen, 'done');
    await nothingIsLost(stage, work, 8);
  },
});
