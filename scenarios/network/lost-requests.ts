/**
 * One in five requests of the operator and of the gateway is lost before anybody sees it: to Kubernetes, to each other
 * and to managed content. What was not delivered is sent again.
 */
import { scenario } from '../../harness/scenario/scenario.ts';
import { givenWorkload, nothingIsLost, workEnds } from '../workload.ts';

export default scenario({
  title: 'While one request in five is lost on its way, each run keeps its record and its log',
  needs: ['network faults'],
  async play(stage) {
    const { when } = stage;
    const work = await givenWorkload(stage);
    const heals = (['operator', 'gateway'] as const).map((from) =>
      when.fault({ kind: 'loss', from, probability: 0.2, side: 'request' }),
    );
    await when.timePasses('6m');
    for (const heal of heals) heal();
    await workEnds(stage, work);
    await nothingIsLost(stage, work, 6);
  },
});
