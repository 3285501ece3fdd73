/**
 * A schedule that is run outside of its times: once as it is, once while it is paused, for a start that was missed.
 * Such a run is reported and shipped like any other of the schedule. Its policy holds for it: under Forbid a second one
 * is refused while the first goes on. Each run, planned or not, is told its own folder in managed content, and its
 * record names it.
 */
import { worst } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

const script = 'sleep 2m; echo the variable FABRIC_ARTIFACTS';

export default scenario({
  title: 'A schedule is run outside of its times, paused or not, and its runs tell where they leave what they make',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const wish = { schedule: '0 * * * *', concurrencyPolicy: 'Forbid', script } as const;
    const task = await given.task('asked', wish);
    const once = await given.task('once', { script });
    const path = `/fabric/v4/projects/proj1/tasks/${task.name}`;
    const run = async (body: object = {}) => {
      const answer = await when.asked(`${path}/run`, { method: 'POST', body: JSON.stringify(body) });
      return { status: answer.status, name: answer.json<{ name?: string }>().name };
    };
    await when.timeReaches('2026-01-01T00:10:00Z');
    const first = await run();
    await when.timeReaches('2026-01-01T00:11:00Z');
    then.add('a second one beside it is refused', equals((await run()).status, 409));
    await when.timeReaches('2026-01-01T00:20:00Z');
    await when.suspended(task);
    await when.timeReaches('2026-01-01T00:21:00Z');
    const second = await run({ scheduledTime: '2025-12-31T23:00:00Z' });
    await when.timeReaches('2026-01-01T00:30:00Z');
    await when.resumed(task);
    await when.timeReaches('2026-01-01T01:06:00Z');
    await then.ranFor(task, ['2026-01-01T01:00:00Z']);
    await then.ended(task, 'Complete');
    await then.recorded(task, 'COMPLETE');
    await then.equal(
      'the runs that were asked for are runs of the schedule, each for its start',
      ({ records }) =>
        [first, second].map(({ name }) => {
          const record = records.find((candidate) => candidate.name === name);
          return [record?.scheduleName, record?.jobType, record?.scheduledTime];
        }),
      [
        [task.name, 'cron', Date.UTC(2026, 0, 1, 0, 10)],
        [task.name, 'cron', Date.UTC(2025, 11, 31, 23)],
      ],
    );
    await then.holds('each run has printed the folder that its record names', (recording) => {
      const jobs = [...jobsOf(recording, task.name), ...jobsOf(recording, once.name)];
      const told = jobs.map(({ uid }) => {
        const record = recording.records.find((candidate) => candidate.uid === uid);
        const log = recording.logs.find(({ key }) => key === record?.logs?.key);
        return equals(log?.text, `${String(record?.artifactsPrefix)}\n`);
      });
      return worst([equals(jobs.length, 4), ...told]);
    });
  },
});
