/**
 * The operator is killed while runs are in every state, and comes back two minutes later. It must pick up where it was:
 * no run is reported twice as new, none is forgotten, and the logs of runs that ended meanwhile are whole.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'An operator that dies and comes back forgets nothing and repeats nothing',
  needs: ['virtual time', 'operator restarts'],
  async play({ given, when, then }) {
    const steady = await given.task('steady', {
      schedule: '* * * * *',
      script: 'print begun; sleep 45s; log 50 lines; print done',
    });
    const long = await given.task('long', {
      script: 'print begun; log 100 lines; sleep 4m; log 100 lines; print done',
    });
    await when.timePasses('2m20s');
    await when.dies('operator');
    await when.timePasses('2m');
    const orphan = await given.task('unseen', { script: 'print hello' });
    await when.timePasses('10s');
    await when.comesBack('operator');
    await when.timePasses('3m');
    await when.suspended(steady);
    await when.timePasses('3m');
    for (const task of [steady, long, orphan]) {
      await then.recorded(task, 'COMPLETE');
      await then.logged(task, task === orphan ? 'hello' : 'done');
    }
    await then.holds('no run was reported as new twice', ({ reports }) => {
      const created = reports.filter((report) => report.created).map((report) => report.uid);
      if (created.length === 0) return fails('no record was made');
      return new Set(created).size === created.length
        ? holds(`${created.length} records made`)
        : fails('one was made twice');
    });
  },
});
