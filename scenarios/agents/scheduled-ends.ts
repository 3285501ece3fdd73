/**
 * How runs of scheduled agents end: with their activation's error, by the deadline of the schedule, and by its
 * deletion, which both cancel the activation, whether the run still hears of it or not.
 */
import { agentOf, jobSkill } from '../../harness/scenario/documents.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals, matches } from '../../harness/scenario/then.ts';

export default scenario({
  title: 'A scheduled run fails with its activation, and its end is its activation’s',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    await given.skill(jobSkill('slow', 'print begun; sleep 10m; print over'));
    const wires = [
      ['input', 'slow'],
      ['slow', 'output'],
    ] as const;
    const forbid = { 'schedule.concurrencyPolicy': 'Forbid' };
    for (const name of ['cancelled', 'late', 'deleted', 'deaf']) await given.agent(agentOf(name, wires, forbid));
    const schedule = (name: string) => when.agentScheduled(name, '0 * * * *');
    const cancelled = await schedule('cancelled');
    const late = await schedule('late');
    const deleted = await schedule('deleted');
    const deaf = await schedule('deaf');
    await when.changed(late, { activeDeadlineSeconds: 120 });
    await when.timePasses('1h30s');
    const only = async (task: { readonly name: string }) => (await when.activationsOf(task.name))[0];

    const id = (await only(cancelled))?.activationId ?? '';
    await when.asked(`/fabric/v4/projects/proj1/activations/${id}/cancel`, { method: 'POST' });
    await when.deleted(deleted);
    // The run is told to end while nobody can cancel its activation.
    await when.dies('gateway');
    await when.deleted(deaf);
    await when.timePasses('1m');
    await when.comesBack('gateway');
    await when.timePasses('4m');

    const runs = JSON.parse((await when.asked(`/fabric/v4/projects/proj1/tasks/${cancelled.name}/executions`)).text);
    const restart = `/fabric/v4/projects/proj1/tasks/${runs.tasks[0].name}/restart`;
    const again = JSON.parse((await when.asked(restart, { method: 'POST' })).text);
    await when.timePasses('12m');
    await then.holds('the run that is started again is COMPLETE', ({ records }) =>
      equals(records.find(({ name }) => name === again.name)?.state, 'COMPLETE'),
    );
    const activations = await when.activationsOf(cancelled.name);
    then.add(
      'a run that is started again is an activation of its own',
      equals(
        activations.map(({ status }) => status),
        ['CANCELLED', 'COMPLETE'],
      ),
    );

    await then.recorded(cancelled, 'FAILED');
    await then.holds('the record names the activation and its end', ({ records }) =>
      matches(
        records.find(({ scheduleName }) => scheduleName === cancelled.name)?.statusReason,
        new RegExp(`exit code 1: activation ${id} of agent cancelled ended with CANCELLED`),
      ),
    );
    await then.recorded(late, 'FAILED');
    await then.recorded(deleted, 'CANCELLED');
    for (const task of [late, deleted, deaf]) {
      then.add(`the activation of ${task.name} is cancelled`, equals((await only(task))?.status, 'CANCELLED'));
    }
    await then.holds('no job of them runs on', ({ records }) =>
      equals(
        records.filter(({ state }) => state === 'ACTIVE').map(({ name }) => name),
        [],
      ),
    );
  },
});
