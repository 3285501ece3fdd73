/**
 * Every request between the services takes between 0.2 and 1.5 s more, so that views are stale and answers overtake
 * each other. Slow is not lost: each run still has one record, whose states come in order, and its whole log.
 */
import { scenario } from '../../harness/scenario/scenario.ts';
import { givenWorkload, nothingIsLost, workEnds } from '../workload.ts';

export default scenario({
  title: 'On a slow network nothing is lost and nothing comes out of order',
  needs: ['network faults'],
  async play(stage) {
    const { when } = stage;
    const work = await givenWorkload(stage);
    const heals = (['operator', 'gateway'] as const).map((from) =>
      when.fault({ kind: 'latency', from, minimumMs: 200, maximumMs: 1500 }),
    );
    await when.timePasses('6m');
    await workEnds(stage, work);
    for (const heal of heals) heal();
    await nothingIsLost(stage, work, 6);
  },
});
