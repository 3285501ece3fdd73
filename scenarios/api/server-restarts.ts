/**
 * The API server goes down three times, for 1, 20 and 60 seconds. All connections are reset, and it comes back with its
 * state and without the events of before: every watch that resumes is told that its version is too old. Whoever only
 * resumes is blind from then on.
 */
import { scenario } from '../../harness/scenario/scenario.ts';
import { givenWorkload, nothingIsLost, workEnds } from '../workload.ts';

export default scenario({
  title: 'When the API server restarts, every watcher lists again and nothing is lost',
  needs: ['API faults'],
  async play(stage) {
    const { given, when, then } = stage;
    const work = await givenWorkload(stage);
    for (const downMs of [1000, 20_000, 60_000]) {
      await when.timePasses('70s');
      when.fault({ kind: 'api-restart', downMs });
    }
    await when.timePasses('90s');
    const after = await given.task('after', { script: 'print begun; print done' });
    await workEnds(stage, work);
    await then.runs(after, 1);
    await then.recorded(after, 'COMPLETE');
    await nothingIsLost(stage, work, 5);
  },
});
