/**
 * The operator on its own: no gateway, no managed content (design: loose coupling). The task pool's history limits hold
 * then: the newest finished Tasks stay, older ones go, and logs are read from the cluster.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import type { TaskReference } from '../../harness/scenario/given.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'Without a gateway the task pool’s history limits decide what stays in the cluster',
  needs: ['virtual time'],
  fabric: { gateway: false, content: false },
  async play({ given, when, then }) {
    const taskPool = await given.taskPool('small', {
      persistTasks: false,
      successfulTasksHistoryLimit: 2,
      failedTasksHistoryLimit: 1,
    });
    const good: TaskReference[] = [];
    const bad: TaskReference[] = [];
    for (let index = 0; index < 4; index++) {
      good.push(await given.task(`good-${index}`, { taskPool, script: 'print good' }));
      bad.push(await given.task(`bad-${index}`, { taskPool, script: 'exit 1' }));
      await when.timePasses('30s');
    }
    const cron = await given.task('cron', {
      taskPool,
      schedule: '* * * * *',
      successfulJobsHistoryLimit: 1,
      script: 'print tick',
    });
    const badCron = await given.task('bad-cron', {
      taskPool,
      schedule: '* * * * *',
      failedJobsHistoryLimit: 2,
      script: 'exit 1',
    });
    await when.timePasses('5m10s');
    const left = (names: readonly { name: string }[]) => (recording: Parameters<typeof jobsOf>[0]) =>
      names
        .filter(({ name }) => jobsOf(recording, name).some((job) => job.deletedAt === undefined))
        .map(({ name }) => name);
    await then.equal('the two newest completed Tasks are left', left(good), ['good-2', 'good-3']);
    await then.equal('the newest failed Task is left', left(bad), ['bad-3']);
    for (const [task, limit] of [
      [cron, 1],
      [badCron, 2],
    ] as const) {
      await then.holds(`of the runs of ${task.name} the newest ${limit} are left`, (recording) => {
        const jobs = jobsOf(recording, task.name);
        const leftJobs = jobs.filter((job) => job.deletedAt === undefined);
        if (jobs.length < 5) return fails(`only ${jobs.length} ran`);
        const right = leftJobs.length === limit && leftJobs.every((job) => jobs.slice(-limit).includes(job));
        return right
          ? holds(`${leftJobs.length} of ${jobs.length}`)
          : fails(leftJobs.map(({ name }) => name).join(', '));
      });
    }
    await then.holds('all of them ran', (recording) => {
      const missing = [...good, ...bad].find(({ name }) => jobsOf(recording, name).length !== 1);
      return missing ? fails(missing.name) : holds('8 Tasks');
    });
  },
});
