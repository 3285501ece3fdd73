/**
 * History limits are limits, no more: as many finished runs as they allow stay, each until so many newer ones have
 * finished. None goes before, however the limits of the two kinds differ.
 */
import { fails, forEach } from '../../harness/invariants/verdict.ts';
import { endOf, jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A finished run goes when enough newer ones have finished, and not before',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const limits = { successfulJobsHistoryLimit: 2, failedJobsHistoryLimit: 3 };
    const good = await given.task('good', { schedule: '* * * * *', ...limits, script: 'print done' });
    const bad = await given.task('bad', { schedule: '* * * * *', ...limits, script: 'exit 1' });
    const plain = await given.task('plain', { schedule: '* * * * *', script: 'print done' });
    await when.timePasses('7m30s');
    for (const [task, limit] of [
      [good, 2],
      [bad, 3],
      [plain, 3],
    ] as const) {
      await then.holds(
        `of ${task.name} ${limit} finished runs stay, each until ${limit} newer ones have finished`,
        (recording) => {
          const jobs = jobsOf(recording, task.name);
          const gone = jobs.filter(({ deletedAt }) => deletedAt !== undefined);
          if (gone.length !== jobs.length - limit) return fails(`${gone.length} of ${jobs.length} have gone`);
          return forEach(gone, 'runs that went', (job) => {
            const newer = jobs.filter(
              (other) => (endOf(other)?.at ?? Number.POSITIVE_INFINITY) > (endOf(job)?.at ?? 0),
            );
            const due = newer[limit - 1] && endOf(newer[limit - 1] as (typeof newer)[number])?.at;
            const isDue = due !== undefined && (job.deletedAt ?? 0) >= due && (job.deletedAt ?? 0) <= due + 10_000;
            return isDue ? undefined : `${job.name} went ${(job.deletedAt ?? 0) - (due ?? 0)} ms after it was due`;
          });
        },
      );
    }
  },
});
