/**
 * An agent by a schedule for a virtual day: each run is one activation under the schedule's name, and no longer than
 * that. It is paused, resumed, changed and deleted as the existing command line does it.
 */
import { seenOf } from '../../harness/recording/seen.ts';
import { agentOf, jobSkill } from '../../harness/scenario/documents.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals, matches } from '../../harness/scenario/then.ts';

const skillLabel = 'fabric.orrery.dev/skill';
const project = '/fabric/v4/projects/proj1';
const invoke = `${project}/agentinvoke/hubble_agent/services/input?sync=false`;

export default scenario({
  title: 'A scheduled agent runs through a day, once at each of its times',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    await given.skill(jobSkill('look', 'echo the input; sleep 20s'));
    await given.agent(
      agentOf('hubble_agent', [
        ['input', 'look'],
        ['look', 'output'],
      ]),
    );
    const schedule = (cron: string, text: string) =>
      when.asked(`${invoke}&scheduleName=hubble_hourly&scheduleCron=${cron}`, {
        method: 'POST',
        body: JSON.stringify({ payload: { text } }),
      });
    const answer = await schedule('%40hourly', 'first');
    then.add(
      'it says what was scheduled',
      equals(JSON.parse(answer.text), {
        success: true,
        message: 'Scheduled agent "hubble_agent" with task "proj1-hubble-hourly" using cron "@hourly"',
        taskName: 'proj1-hubble-hourly',
      }),
    );
    await when.timePasses('24h5m');
    const runs = JSON.parse(
      (await when.asked(`${project}/activations?correlationId=proj1-hubble-hourly&limit=0`)).text,
    );
    then.add('one activation a run', equals(runs.activations.length, 24));
    const { response, status } = await when.activation(runs.activations[0].activationId);
    then.add('each is complete', equals([status, response], ['COMPLETE', '{"text":"first"}\n']));
    const listed = JSON.parse((await when.asked(`${project}/tasks?scheduled=true`)).text).tasks;
    const { name, agentName, skillName, actionName, state, schedule: cron } = listed[0];
    then.add(
      'the list of schedules shows it as the seeds do',
      equals(
        { name, agentName, skillName, actionName, state, cron },
        {
          name: 'proj1-hubble-hourly',
          agentName: 'hubble_agent',
          skillName: 'sys-invoke-skill',
          actionName: 'invoke',
          state: 'Active',
          cron: '@hourly',
        },
      ),
    );
    const again = await schedule('0+*/2+*+*+*', 'second');
    then.add('the same agent may change it', equals(again.status, 200));
    const bad = await schedule('61+*+*+*+*', 'x');
    then.add('a wrong expression is refused with its place', matches(bad.text, /scheduleCron.*61/));
    await when.timePasses('4h');
    const latest = JSON.parse(
      (await when.asked(`${project}/activations?correlationId=proj1-hubble-hourly&limit=1`)).text,
    );
    const changed = await when.activation(latest.activations[0].activationId);
    then.add('the change holds', equals(changed.response, '{"text":"second"}\n'));
    await then.holds('nothing that runs were told is a token', (recording) => {
      const runs = [...seenOf(recording).pods.values()].filter(
        ({ labels }) => labels[skillLabel] === 'sys-invoke-skill',
      );
      const secret = runs.filter(({ containers }) => /eyJ[\w-]+\.eyJ/.test(JSON.stringify(containers)));
      return equals([runs.length > 20, secret.length], [true, 0]);
    });
  },
});
