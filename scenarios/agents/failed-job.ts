/**
 * A failed job does not end the flow (seeds): what it printed goes on, its task says FAILED and why, the transit says
 * ERROR.
 */
import { agentOf, jobSkill } from '../../harness/scenario/documents.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

export default scenario({
  title: 'A failed job does not end its activation',
  needs: ['agents'],
  async play({ given, when, then }) {
    await given.skill(jobSkill('fails', 'print half; exit 3'));
    await given.skill(jobSkill('limited', 'print begun; sleep 1h', { jobTimeout: 45 }));
    await given.skill(jobSkill('goes-on', 'echo the input'));
    await given.agent(
      agentOf('flow', [
        ['input', 'fails'],
        ['fails', 'goes-on'],
        ['goes-on', 'output'],
      ]),
    );
    const flow = await when.agentInvoked('flow');
    const late = await when.skillInvoked('limited');
    const { status, response, transits } = await when.activationEnded(flow);
    then.add('the activation is complete', equals(status, 'COMPLETE'));
    then.add('what was printed went on', equals(response, 'half\n'));
    then.add(
      'the transit says what happened',
      equals(
        transits.map((each) => each.status),
        ['ERROR', 'COMPLETE'],
      ),
    );
    const limited = await when.activationEnded(late);
    await when.timePasses('10s');
    then.add('a job past its time has failed, and no more', equals(limited.status, 'COMPLETE'));
    then.add(
      'its transit says so',
      equals(
        limited.transits.map((each) => each.status),
        ['ERROR'],
      ),
    );
    await then.holds('records say FAILED, and the exit code', ({ records }) => {
      const failed = records.filter(({ state }) => state === 'FAILED');
      return equals(failed.map(({ exitCode }) => exitCode ?? 'none').sort(), [143, 3]);
    });
  },
});
