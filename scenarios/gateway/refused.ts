/**
 * A Task that the gateway took and the operator cannot carry out: here its pool does not exist. It has a minute for
 * that to change; then its record must end, with the reason, or whoever waits for it waits for ever. A Task that is
 * deleted before it could start ends as well.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

const tasks = '/fabric/v4/projects/proj1/tasks';

interface Answer {
  readonly task: { readonly state: string; readonly statusReason?: string };
}

export default scenario({
  title: 'A Task that cannot be carried out ends FAILED with the reason, one that is deleted before CANCELLED',
  async play({ given, when, then }) {
    const image = given.image('orrery/actor');
    const body = (name: string) =>
      JSON.stringify({ name, skillName: 'actor', actionName: 'run', image, taskPool: 'late' });
    const shown = async (name: string) => (JSON.parse((await when.asked(`${tasks}/${name}`)).text) as Answer).task;
    await when.asked(tasks, { method: 'POST', body: body('never') });
    await when.asked(tasks, { method: 'POST', body: body('dropped') });
    await when.timePasses('10s');
    then.add('at first it is SUBMITTED', equals((await shown('proj1-never')).state, 'SUBMITTED'));
    await when.asked(`${tasks}/proj1-dropped`, { method: 'DELETE' });
    await when.timePasses('2m');
    const { state, statusReason = '' } = await shown('proj1-never');
    then.add('then it is FAILED', equals(state, 'FAILED'));
    then.add(
      'the reason is that of the Task’s condition',
      statusReason.startsWith('TaskPoolNotFound: ') && statusReason.includes('"late"')
        ? holds(statusReason)
        : fails(statusReason),
    );
    then.add('the deleted one is CANCELLED', equals((await shown('proj1-dropped')).state, 'CANCELLED'));

    await when.asked(tasks, { method: 'POST', body: body('patient') });
    await when.timePasses('10s');
    await given.taskPool('late', {});
    await when.timePasses('1m');
    await then.recorded({ name: 'proj1-patient', namespace: '' }, 'COMPLETE');
    await then.runs({ name: 'proj1-never', namespace: '' }, 0);
    await then.equal(
      'there is one record for each of the three',
      ({ records }) => records.map((record) => [record.name, record.state]).sort(),
      [
        ['proj1-dropped', 'CANCELLED'],
        ['proj1-never', 'FAILED'],
        ['proj1-patient', 'COMPLETE'],
      ],
    );
  },
});
