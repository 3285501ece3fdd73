/**
 * Runs that take 90 s on a schedule of every minute, under Forbid: never two at once. The slot that falls into a run is
 * not dropped, whatever its name says: Kubernetes starts the latest missed slot as soon as the run before has ended,
 * and only slots that a later one overtook are lost.
 */

import { forEach } from '../../harness/invariants/verdict.ts';
import { endOf, jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'Under Forbid, runs never overlap, and the latest missed start follows at once',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const task = await given.task('forbid', {
      schedule: '* * * * *',
      concurrencyPolicy: 'Forbid',
      script: 'sleep 90s; print done',
    });
    await when.timePasses('10m30s');
    await then.neverOverlaps(task);
    await then.starts(task, { started: 2, delayed: 5, skipped: 3 });
    await then.explained(task, 'delayed', /^Forbid: waited for the end of forbid-\d+$/);
    await then.explained(task, 'skipped', /^Forbid: forbid-\d+ was still running(; a later start overtook this one)?$/);
    await then.holds('each run begins within 5 s of the end of the one before', (recording) => {
      const jobs = jobsOf(recording, task.name);
      const pairs = jobs.slice(1).map((job, index) => ({ before: jobs[index], job }));
      return forEach(pairs, 'runs that follow another', ({ before, job }) => {
        const gapMs = job.createdAt - ((before && endOf(before)?.at) ?? 0);
        return gapMs <= 5000 ? undefined : `${job.name} began ${gapMs} ms after the end of ${before?.name}`;
      });
    });
    await then.event('JobAlreadyActive', 'forbid');
  },
});
