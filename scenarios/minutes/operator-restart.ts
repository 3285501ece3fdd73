/**
 * The operator is killed while runs are under way and comes back a minute later, within four minutes on any cluster: no
 * run is reported twice as new, none is forgotten, and logs of runs that ended meanwhile are whole.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'An operator that is away for a minute forgets nothing and repeats nothing',
  needs: ['operator restarts'],
  async play({ given, when, then }) {
    const steady = await given.task('steady', {
      schedule: '* * * * *',
      script: 'print begun; sleep 20s; log 50 lines; print done',
    });
    const long = await given.task('long', {
      script: 'print begun; log 100 lines; sleep 90s; log 100 lines; print done',
    });
    await when.timePasses('70s');
    await when.dies('operator');
    await when.timePasses('30s');
    const unseen = await given.task('unseen', { script: 'print done' });
    await when.timePasses('30s');
    await when.comesBack('operator');
    await when.timePasses('10s');
    await when.suspended(steady);
    await when.timePasses('70s');
    for (const task of [steady, long, unseen]) {
      await then.recorded(task, 'COMPLETE');
      await then.logged(task, 'done');
    }
    await then.runs(steady, 2);
    await then.holds('no run was reported as new twice', ({ reports }) => {
      const created = reports.filter((report) => report.created).map((report) => report.uid);
      return new Set(created).size === created.length
        ? holds(`${created.length} records made`)
        : fails('one was made twice');
    });
  },
});
