/**
 * Each watch of the operator lasts a few seconds: it ends, is reset, breaks off with an error, or is told that its
 * version is too old, a minute and a half each. Between two watches something always happens.
 */
import { scenario } from '../../harness/scenario/scenario.ts';
import { givenWorkload, nothingIsLost, workEnds } from '../workload.ts';

export default scenario({
  title: 'However often and in whatever way its watches are cut, the operator misses nothing',
  needs: ['API faults'],
  async play(stage) {
    const { when } = stage;
    const work = await givenWorkload(stage);
    const cut = { kind: 'watch-cut', caller: 'operator', minimumMs: 0, maximumMs: 8000 } as const;
    for (const how of ['end', 'reset', 'error', 'expired'] as const) {
      const heal = when.fault({ ...cut, how });
      await when.timePasses('90s');
      heal();
    }
    const heal = when.fault({ kind: 'watch-expired', caller: 'operator', probability: 0.5 });
    await when.timePasses('1m');
    heal();
    await workEnds(stage, work);
    await nothingIsLost(stage, work, 7);
  },
});
