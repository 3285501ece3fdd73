/**
 * Two branches run side by side and join: what joins them is given each result, and the response keeps the order of the
 * wires.
 */
import type { ShownActivation } from '../../harness/scenario/activation.ts';
import { agentOf, jobSkill } from '../../harness/scenario/documents.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

export default scenario({
  title: 'Two branches run at once, and the one that joins them is given both results',
  needs: ['agents'],
  async play({ given, when, then }) {
    await given.skill(jobSkill('slow', 'sleep 90s; print slow'));
    await given.skill(jobSkill('quick', 'print quick'));
    await given.skill(jobSkill('join', 'echo the input; print joined'));
    await given.agent(
      agentOf('branches', [
        ['input', 'slow'],
        ['input', 'quick'],
        ['slow', 'join'],
        ['quick', 'join'],
        ['join', 'output'],
      ]),
    );
    const id = await when.agentInvoked('branches');
    const joined = ({ transits }: ShownActivation) =>
      transits.some(({ name, status }) => name === 'join' && status === 'COMPLETE');
    const underWay = await when.activationShows(id, 'has joined the quick branch', joined);
    then.add('it is under way while a branch is', equals(underWay.status, 'STARTED'));
    const { status, response } = await when.activationEnded(id);
    then.add('it is complete when both are', equals(status, 'COMPLETE'));
    then.add('results stand in the order of the wires', equals(response, ['slow\njoined\n', 'quick\njoined\n']));
  },
});
