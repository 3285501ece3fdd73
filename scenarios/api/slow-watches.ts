/**
 * The operator's watches are up to twenty seconds behind and what it reads from the server's cache is as old, as with
 * several API servers of which it has the slowest: it sees the end of a run before its own write to it, and never what
 * it has just made.
 */
import { scenario } from '../../harness/scenario/scenario.ts';
import { givenWorkload, nothingIsLost, workEnds } from '../workload.ts';

export default scenario({
  title: 'With a view that is twenty seconds old, the operator does nothing twice',
  needs: ['API faults'],
  async play(stage) {
    const { given, when, then } = stage;
    const old = { caller: 'operator', minimumMs: 500, maximumMs: 20_000 } as const;
    const heals = (['watch-lag', 'stale-reads'] as const).map((kind) => when.fault({ kind, ...old }));
    const work = await givenWorkload(stage);
    await when.timePasses('4m');
    const late = await given.task('late', { script: 'print begun; print done' });
    await when.timePasses('2m');
    await workEnds(stage, work);
    for (const heal of heals) heal();
    await when.timePasses('1m');
    await then.runs(late, 1);
    await then.recorded(late, 'COMPLETE');
    await nothingIsLost(stage, work, 6);
  },
});
