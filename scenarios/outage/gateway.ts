/**
 * The gateway is away for five minutes while runs begin and end every minute. Nothing may be lost: once it is back,
 * each run has its record in its end state; the states of each run come in order; and the backlog comes at no more than
 * the rate allowed.
 */
import { reportsBounded } from '../../harness/invariants/records.ts';
import type { TaskReference } from '../../harness/scenario/given.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'After five minutes without a gateway no record and no end state is missing',
  needs: ['virtual time', 'service restarts'],
  fabric: { reportsPerSecond: 5 },
  async play({ given, when, then }) {
    const tasks: TaskReference[] = [];
    for (let index = 0; index < 6; index++) {
      tasks.push(
        await given.task(`minutely-${index}`, {
          schedule: '* * * * *',
          script: index % 3 === 2 ? 'sleep 10s; exit 1' : 'sleep 20s; print done',
        }),
      );
    }
    await when.timePasses('2m30s');
    await when.dies('gateway');
    await when.timePasses('5m');
    await when.comesBack('gateway');
    await when.timePasses('3m30s');
    for (const task of tasks) await when.suspended(task);
    await when.timePasses('3m');
    for (const [index, task] of tasks.entries()) await then.recorded(task, index % 3 === 2 ? 'FAILED' : 'COMPLETE');
    await then.holds('never more than 5 reports a second (and a burst of as many)', (recording) =>
      reportsBounded(recording, 5),
    );
  },
});
