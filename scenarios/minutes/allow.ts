/**
 * Allow as every cluster shows it within four minutes: runs of 150 s on a schedule of every minute overlap, three at
 * once.
 */
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'Under Allow, three runs of a schedule are active at once',
  async play({ given, when, then }) {
    const task = await given.task('allow', {
      schedule: '* * * * *',
      concurrencyPolicy: 'Allow',
      script: 'sleep 150s; print done',
    });
    await when.timePasses('3m50s');
    await then.starts(task, { started: 3 });
    await then.overlaps(task, 3);
    await then.ended(task, 'Complete');
  },
});
