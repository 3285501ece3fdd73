/**
 * Runs that take 150 s on a schedule of every minute, under Allow: Kubernetes starts each of them on time, so up to
 * three are active at once. This is the default policy, and what surprises people first.
 */
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'Under Allow, runs longer than their interval overlap',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const task = await given.task('allow', {
      schedule: '* * * * *',
      concurrencyPolicy: 'Allow',
      script: 'sleep 150s; print done',
    });
    await when.timePasses('10m30s');
    await then.starts(task, { started: 10 });
    await then.overlaps(task, 3);
    await then.ended(task, 'Complete');
  },
});
