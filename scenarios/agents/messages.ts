/**
 * A job that sends ten messages: each is a payload of the next skill while the job still runs; the response is the list
 * of results in order.
 */
import type { ShownActivation } from '../../harness/scenario/activation.ts';
import { agentOf, jobSkill } from '../../harness/scenario/documents.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

const numbers = Array.from({ length: 10 }, (_, index) => index);

export default scenario({
  title: 'Ten messages of a job are ten runs of the next skill, in their order',
  needs: ['agents'],
  async play({ given, when, then }) {
    const sends = numbers.map((number) => `send record ${number}; sleep 1s`).join('; ');
    await given.skill(jobSkill('sender', `${sends}; sleep 4m; print sent`));
    await given.skill(jobSkill('writer', 'echo the input'));
    await given.agent(
      agentOf('records', [
        ['input', 'sender'],
        ['sender', 'writer'],
        ['writer', 'output'],
      ]),
    );
    const id = await when.agentInvoked('records');
    const written = ({ transits }: ShownActivation) =>
      transits.filter(({ name, status }) => name === 'writer' && status === 'COMPLETE').length === numbers.length;
    const underWay = await when.activationShows(id, 'has written ten records', written);
    then.add('all were written before the sender has ended', equals(underWay.status, 'STARTED'));
    const { status, response } = await when.activationEnded(id);
    then.add('it is complete', equals(status, 'COMPLETE'));
    then.add(
      'the response is the list, in order',
      equals(
        response,
        numbers.map((n) => `{"text":"record ${n}"}\n`),
      ),
    );
  },
});
