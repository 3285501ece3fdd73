/**
 * The API server answers 429 with a Retry-After, then 503; after it the gateway does, then managed content. Each for a
 * minute, while runs begin and end: a refusal for the time being must never count as an answer.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { givenWorkload, nothingIsLost, workEnds } from '../workload.ts';

export default scenario({
  title: 'While Kubernetes, the gateway and content answer 429 and 503 in turn, nothing is lost',
  needs: ['network faults'],
  async play(stage) {
    const { when } = stage;
    const work = await givenWorkload(stage);
    await when.timePasses('30s');
    for (const to of ['kubernetes', 'gateway', 'content']) {
      for (const refusal of [{ status: 429, retryAfterSeconds: 5 }, { status: 503 }]) {
        const heal = when.fault({ kind: 'status', from: 'operator', to, ...refusal });
        await when.timePasses('1m');
        heal();
      }
    }
    await workEnds(stage, work);
    await nothingIsLost(stage, work, 6);
    await stage.then.holds('no report came through while the gateway refused', ({ reports, faults }) => {
      const refused = faults.filter(({ description }) => description.includes('gateway'));
      const within = reports.filter(({ at }) => refused.some(({ from, to = 0 }) => at > from + 100 && at < to));
      if (refused.length !== 2) return fails(`${refused.length} faults`);
      return within.length === 0 ? holds('none in two minutes') : fails(`${within.length} did: this showed nothing`);
    });
  },
});
