/**
 * The gateway dies before each of its requests in the middle of an activation, a new activation each time, until one
 * goes through without a kill. What was acknowledged is carried on by the next gateway: each activation ends, and no
 * job runs twice.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { agentOf, jobSkill } from '../../harness/scenario/documents.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

/** An activation of two jobs needs fewer. */
const requestsMaximum = 10;

export default scenario({
  title: 'Killed before any of its requests, the gateway loses no activation and repeats no job',
  needs: ['virtual time', 'service restarts', 'kills at a request'],
  async play({ given, when, then }) {
    await given.skill(jobSkill('say', 'echo the input; print said'));
    await given.agent(
      agentOf('pair', [
        ['input', 'say'],
        ['say', 'again:say'],
        ['again:say', 'output'],
      ]),
    );
    let round = 0;
    const ids = new Map<number, string>();
    for (let count = 1; count <= requestsMaximum; count++) {
      round = count;
      when.diesAt('gateway', `send its request number ${count} from here`, () => round === count, count);
      // What was not acknowledged, the client does not know of.
      const id = await when.agentInvoked('pair', { count }).catch(() => undefined);
      if (id !== undefined) ids.set(count, id);
      await when.timePasses('10s');
      await when.comesBack('gateway');
      await when.timePasses('1m');
    }
    round = 0;
    await when.timePasses('10m');
    const wrong: string[] = [];
    for (const [count, id] of ids) {
      const { status, response, transits } = await when.activation(id);
      const wanted = `{"count":${count}}\nsaid\nsaid\n`;
      if (status !== 'COMPLETE' || response !== wanted) wrong.push(`${count}: ${status} ${JSON.stringify(response)}`);
      if (transits.length !== 2) wrong.push(`${count}: ${transits.length} steps`);
    }
    then.add('most were acknowledged', equals(ids.size > requestsMaximum / 2, true));
    then.add('each activation is complete, with the right response', equals(wrong, []));
    await then.holds('the gateway died in the middle of several', ({ faults }) => {
      const kills = faults.filter(({ service }) => service === 'gateway').length;
      return kills >= 5 ? holds(`${kills} kills`) : fails(`${kills} kills`);
    });
    await then.holds('no job ran twice', ({ jobs, pods }) => {
      const names = new Set(jobs.map(({ name }) => name));
      return equals({ jobs: jobs.length, pods: pods.length }, { jobs: names.size, pods: names.size });
    });
  },
});
