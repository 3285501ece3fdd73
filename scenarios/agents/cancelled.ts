/** An activation that is cancelled midway ends at once with its jobs; with `inFlight` they run on. */
import { agentOf, jobSkill } from '../../harness/scenario/documents.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

export default scenario({
  title: 'A cancelled activation stops its jobs, and none follows',
  needs: ['agents'],
  async play({ given, when, then }) {
    await given.skill(jobSkill('long', 'print begun; sleep 45s; print over'));
    await given.agent(
      agentOf('twice', [
        ['input', 'long'],
        ['long', 'again:long'],
        ['again:long', 'output'],
      ]),
    );
    const stopped = await when.agentInvoked('twice');
    const left = await when.agentInvoked('twice');
    await when.timePasses('20s');
    const cancel = (id: string, query = '') =>
      when.asked(`/fabric/v4/projects/proj1/activations/${id}/cancel${query}`, { method: 'POST' });
    then.add('it can be cancelled', equals((await cancel(stopped)).status, 200));
    then.add('it cannot twice', equals((await cancel(stopped)).status, 409));
    then.add('its jobs can be left alone', equals((await cancel(left, '?inFlight=true')).status, 200));
    await when.timePasses('2m');
    for (const id of [stopped, left]) {
      then.add('it is cancelled', equals((await when.activation(id)).status, 'CANCELLED'));
    }
    await then.holds('one job was stopped, one ran to its end, none followed', ({ records }) =>
      equals(records.map(({ state }) => state).sort(), ['CANCELLED', 'COMPLETE']),
    );
  },
});
