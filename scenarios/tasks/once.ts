/**
 * A Task without a schedule becomes one Job, runs once, and leaves a record and its log. The shortest way through the
 * whole of Fabric: if this fails, look here first.
 */
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A Task without a schedule runs once, and its record and log tell of it',
  async play({ given, when, then }) {
    const task = await given.task('hello', {
      script: 'print hello from the actor; stderr and a warning; sleep 2s; print bye',
      payload: '{"n":1}',
    });
    await when.timePasses('2m');
    await then.runs(task, 1);
    await then.ended(task, 'Complete');
    await then.recorded(task, 'COMPLETE', {
      exitCode: 0,
      jobType: 'onetime',
      projectId: 'proj1',
      skillName: 'actor',
      payload: '{"n":1}',
    });
    await then.logged(task, 'hello from the actor');
    await then.logged(task, 'and a warning');
    await then.logged(task, 'bye');
  },
});
