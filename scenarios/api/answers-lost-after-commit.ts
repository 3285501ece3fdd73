/**
 * One in three writes of the operator is committed and its answer never arrives: the connection breaks, or the server
 * says 500 or 504 although it has written, or it says nothing for half a minute. Whoever takes that for a failure makes
 * a second Job.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { givenWorkload, nothingIsLost, workEnds } from '../workload.ts';

export default scenario({
  title: 'A write whose answer is lost is made once, however often it is sent',
  needs: ['API faults'],
  async play(stage) {
    const { given, when, then } = stage;
    const work = await givenWorkload(stage);
    const single = await given.task('single', { script: 'print begun; print done' });
    for (const how of ['reset', 'error', 'timeout', 'silence'] as const) {
      const heal = when.fault({ kind: 'answers-lost', caller: 'operator', probability: 0.33, how });
      await when.timePasses('90s');
      await given.task(`one-${how}`, { script: 'print begun; print done' });
      await when.timePasses('30s');
      heal();
    }
    await workEnds(stage, work);
    await then.runs(single, 1);
    await then.holds('no Task that runs once has two Jobs', (recording) => {
      const once = recording.tasks.filter(({ name }) => name !== work.steady.name);
      const wrong = once.find(({ name }) => jobsOf(recording, name).length !== 1);
      return wrong ? fails(`${wrong.name}: ${jobsOf(recording, wrong.name).length}`) : holds(`${once.length} Tasks`);
    });
    await nothingIsLost(stage, work, 8);
  },
});
