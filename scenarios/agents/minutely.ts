/**
 * A schedule of an agent on any cluster: an activation at each minute, none while it is paused, and a gateway that
 * comes back to it.
 */
import { agentOf, jobSkill } from '../../harness/scenario/documents.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

const project = '/fabric/v4/projects/proj1';

export default scenario({
  title: 'An agent that is scheduled every minute has an activation each minute, and none while it is paused',
  needs: ['agents'],
  async play({ given, when, then }) {
    await given.skill(jobSkill('tell', 'echo the input'));
    await given.agent(
      agentOf('minutely', [
        ['input', 'tell'],
        ['tell', 'output'],
      ]),
    );
    const task = await when.agentScheduled('minutely', '* * * * *', { payload: { text: 'tick' } });
    await when.started(task, 2, '4m');
    const change = async (what: 'pause' | 'resume') =>
      (await when.asked(`${project}/tasks/${task.name}/${what}`, { method: 'POST' })).status;
    then.add('it is paused', equals(await change('pause'), 200));
    // A run that began in the instant of the pause is no run of the pause.
    await when.timePasses('30s');
    const before = (await when.activationsOf(task.name)).length;
    await when.timePasses('90s');
    const paused = await when.activationsOf(task.name);
    then.add('none begins while it is paused', equals(paused.length, before));
    then.add('it goes on', equals(await change('resume'), 200));
    await when.started(task, before + 1, '4m');
    await when.recorded(task);
    const activations = await when.activationsOf(task.name);
    then.add('each run is one activation', equals(activations.length, before + 1));
    then.add(
      'each is complete, with what its job printed',
      equals(
        await Promise.all(
          activations.map(async ({ activationId }) => {
            const { status, response } = await when.activation(activationId);
            return `${status} ${response}`;
          }),
        ),
        activations.map(() => 'COMPLETE {"text":"tick"}\n'),
      ),
    );
  },
});
