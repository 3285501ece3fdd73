/**
 * The API server answers seven in ten of the operator's and the gateway's requests with 429 and asks to wait for two
 * seconds; then one in three with 500, as when etcd has no leader. None of these is an answer: the request is to be
 * made again, and not sooner than asked.
 */
import { scenario } from '../../harness/scenario/scenario.ts';
import { givenWorkload, nothingIsLost, workEnds } from '../workload.ts';

export default scenario({
  title: 'A busy API server slows the operator down, and nothing is lost',
  needs: ['API faults'],
  async play(stage) {
    const { when } = stage;
    const work = await givenWorkload(stage);
    for (const refusal of [
      { status: 429, probability: 0.7, retryAfterSeconds: 2 },
      { status: 500, probability: 0.33 },
    ]) {
      const heals = (['operator', 'gateway'] as const).map((caller) =>
        when.fault({ kind: 'requests-refused', caller, ...refusal }),
      );
      await when.timePasses('3m');
      for (const heal of heals) heal();
    }
    await workEnds(stage, work);
    await nothingIsLost(stage, work, 6);
  },
});
