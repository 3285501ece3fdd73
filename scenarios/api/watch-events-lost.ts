/**
 * The operator's watches on Jobs, CronJobs and pods miss three events in ten, without any sign, and see three in ten
 * twice; of one Task its watch sees nothing at all. What was missed is found when the operator lists again, as it does
 * now and then; until then nothing may be done twice or be given up.
 */
import { scenario } from '../../harness/scenario/scenario.ts';
import { givenWorkload, nothingIsLost } from '../workload.ts';

export default scenario({
  title: 'Events that never reach the operator, or reach it twice, delay its work and spoil none of it',
  needs: ['API faults'],
  async play(stage) {
    const { given, when, then } = stage;
    const work = await givenWorkload(stage);
    await when.timePasses('10s');
    const heals = ['jobs', 'cronjobs', 'pods'].flatMap((resource) =>
      (['watch-events-lost', 'watch-events-repeated'] as const).map((kind) =>
        when.fault({ kind, caller: 'operator', resource, probability: 0.3 }),
      ),
    );
    await when.timePasses('6m');
    await when.suspended(work.steady);
    await when.timePasses('1m');
    const healTasks = when.fault({ kind: 'watch-events-lost', caller: 'operator', resource: 'tasks', probability: 1 });
    const unseen = await given.task('unseen', { script: 'print begun; print done' });
    await when.timePasses('10s');
    healTasks();
    await then.runs(unseen, 0);
    await when.timePasses('5m');
    for (const heal of heals) heal();
    await when.timePasses('20m');
    await then.runs(unseen, 1);
    await then.recorded(unseen, 'COMPLETE');
    await nothingIsLost(stage, work, 6);
  },
});
