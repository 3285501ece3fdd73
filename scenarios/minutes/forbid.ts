/**
 * Forbid as every cluster shows it within four minutes: runs of 65 s on a schedule of every minute never overlap, and
 * the slot that falls into a run is made up for as soon as that run has ended (`overlap-forbid` shows more of it, in
 * virtual time). A busy cluster takes seconds to start and to end a pod: it has 50 s for them before a later slot
 * overtakes.
 */
import { forEach } from '../../harness/invariants/verdict.ts';
import { endOf, jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'Under Forbid, three runs longer than a minute follow one another at once',
  async play({ given, when, then }) {
    const task = await given.task('forbid', {
      schedule: '* * * * *',
      concurrencyPolicy: 'Forbid',
      script: 'sleep 65s; print done',
    });
    await when.started(task, 3, '8m');
    await then.runs(task, 3);
    await then.neverOverlaps(task);
    await then.starts(task, { started: 1, delayed: 2 });
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
