/**
 * What has a time to live stays until that instant and goes in it: a finished Task by its own time, by its pool's, by
 * the default of an hour; and finished runs of a schedule by theirs. Records and logs stay.
 */
import { fails, holds, worst } from '../../harness/invariants/verdict.ts';
import { jobsOf, type Recording } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A finished run stays until its time to live is over, and goes in that instant',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const taskPool = await given.taskPool('brief', { ttlSecondsAfterFinished: 90 });
    const lives: [{ name: string }, number][] = [
      [await given.task('at-once', { ttlSecondsAfterFinished: 0, script: 'print done' }), 0],
      [await given.task('own', { ttlSecondsAfterFinished: 60, script: 'print done' }), 60],
      [await given.task('failed', { ttlSecondsAfterFinished: 60, script: 'exit 1' }), 60],
      [await given.task('of-its-pool', { taskPool, script: 'print done' }), 90],
      [await given.task('over-its-pool', { taskPool, ttlSecondsAfterFinished: 120, script: 'print done' }), 120],
      [await given.task('default', { script: 'print done' }), 3600],
      [
        await given.task('scheduled', {
          schedule: '*/20 * * * *',
          ttlSecondsAfterFinished: 300,
          script: 'print done',
        }),
        300,
      ],
    ];
    await when.timePasses('1h2m');
    for (const [{ name }, seconds] of lives) {
      await then.holds(`the runs of ${name} went ${seconds} s after their end`, (recording) => {
        const jobs = jobsOf(recording, name).filter((job) => endTimeOf(recording, job.uid) !== undefined);
        const due = jobs.filter(
          (job) => (endTimeOf(recording, job.uid) ?? 0) + seconds * 1000 < recording.endedAt - 2000,
        );
        return worst(due.map((job) => removedAfter(recording, job, seconds)));
      });
    }
    await then.holds('their records stay', ({ records }) =>
      records.length >= 8 ? holds(`${records.length}`) : fails(`${records.length}`),
    );
  },
});

/** A run of no time to live goes when its record and log are safe, which takes a moment. */
const safeWithinMs = 3000;

function removedAfter(recording: Recording, job: { uid: string; name: string; deletedAt?: number }, seconds: number) {
  const lateMs = (job.deletedAt ?? Number.NaN) - (endTimeOf(recording, job.uid) ?? 0) - seconds * 1000;
  const isRight = lateMs >= 0 && lateMs <= (seconds === 0 ? safeWithinMs : 500);
  return isRight ? holds(`${lateMs} ms after its time`) : fails(`${job.name} went ${lateMs} ms after its time`);
}

function endTimeOf({ records }: Recording, uid: string): number | undefined {
  return records.find((record) => record.uid === uid)?.endTime;
}
