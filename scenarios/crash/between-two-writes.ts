/**
 * The operator dies at the worst instants: after it made a Job and before it said so, after the gateway knew the end
 * and before that was noted on the Job. A program that remembers only in memory loses or repeats something at one of
 * these.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import type { TaskReference } from '../../harness/scenario/given.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'Killed between any two of its writes, the operator picks up where it was',
  needs: ['virtual time', 'operator restarts', 'kills at a request'],
  async play({ given, when, then }) {
    const tasks: TaskReference[] = [];
    for (let count = 1; count <= 8; count++) {
      when.diesAt('operator', `send its write number ${count} from here`, ({ method }) => method !== 'GET', count);
      tasks.push(await given.task(`cut-${count}`, { script: 'print begun; sleep 5s; print done' }));
      await when.timePasses('1m');
      await when.comesBack('operator');
      await when.timePasses('2m');
    }
    await then.equal(
      'the operator died before each of its first eight writes for a Task',
      ({ faults }) => faults.filter(({ service }) => service === 'operator').length,
      8,
    );
    for (const task of tasks) {
      await then.runs(task, 1);
      await then.recorded(task, 'COMPLETE', { exitCode: 0 });
      await then.logged(task, 'done');
    }
    await then.holds('no Task has two Jobs', (recording) => {
      const twice = tasks.find((task) => jobsOf(recording, task.name).length !== 1);
      return twice ? fails(twice.name) : holds(`${tasks.length} Tasks`);
    });
  },
});
