/**
 * The operator is killed between two of its writes, within four minutes on any cluster: as it is about to send its
 * first, second … sixth write for a new Task (`crash-between-two-writes` has more of them, in virtual time).
 */
import type { TaskReference } from '../../harness/scenario/given.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'Killed before any of its first six writes for a Task, the operator carries it out all the same',
  needs: ['operator restarts', 'kills at a request'],
  async play({ given, when, then }) {
    const tasks: TaskReference[] = [];
    for (let count = 1; count <= 6; count++) {
      when.diesAt('operator', `send its write number ${count} from here`, ({ method }) => method !== 'GET', count);
      tasks.push(await given.task(`cut-${count}`, { script: 'print begun; sleep 1s; print done' }));
      await when.timePasses('12s');
      await when.comesBack('operator');
      await when.timePasses('22s');
    }
    for (const task of tasks) {
      await then.runs(task, 1);
      await then.recorded(task, 'COMPLETE', { exitCode: 0 });
      await then.logged(task, 'done');
    }
  },
});
