/**
 * An agent of three jobs in a row: each is given what the one before has printed, and the last one's text is the
 * response.
 */
import { agentOf, jobSkill } from '../../harness/scenario/documents.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

export default scenario({
  title: 'A chain of three jobs hands on what each prints',
  needs: ['agents'],
  async play({ given, when, then }) {
    await given.skill(jobSkill('first', 'echo the input; print one'));
    await given.skill(jobSkill('second', 'sleep 10s; echo the input; print two'));
    await given.skill(jobSkill('third', 'echo the input; print three'));
    await given.agent(
      agentOf('chain', [
        ['input', 'first'],
        ['first', 'second'],
        ['second', 'third'],
        ['third', 'output'],
      ]),
    );
    const id = await when.agentInvoked('chain', { n: 1 });
    const { status, response, transits } = await when.activationEnded(id);
    then.add('the activation is complete', equals(status, 'COMPLETE'));
    then.add('each was given the text of the one before', equals(response, '{"n":1}\none\ntwo\nthree\n'));
    then.add(
      'it tells the way',
      equals(
        transits.map(({ name }) => name),
        ['first', 'second', 'third'],
      ),
    );
    await then.holds('each skill ran once', ({ jobs }) => equals(jobs.length, 3));
  },
});
