/**
 * Daemons: two pods answer in turn; one that crashes is started again, one that is too slow or wrong ends the
 * activation with the reason.
 */
import { daemonSkill } from '../../harness/scenario/documents.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals, matches } from '../../harness/scenario/then.ts';

export default scenario({
  title: 'A daemon answers, crashes, comes back, and is not waited for longer than it may take',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    await given.skill(daemonSkill('echo'));
    const path = (daemonPath: string) => ({ properties: { 'daemon.path': daemonPath } });
    const early = await when.skillInvoked('echo', { n: 0 });
    await when.timePasses('20s');
    const first = await when.activation(early);
    then.add('one that is asked before it is ready answers when it is', equals(first.response, { n: 0 }));
    const empty = await when.skillInvoked('echo', { n: 1 }, path('/empty'));
    const crash = await when.skillInvoked('echo', { n: 2 }, path('/crash'));
    await when.timePasses('2s');
    const after = await when.skillInvoked('echo', { n: 3 });
    const wrong = await when.skillInvoked('echo', {}, path('/text'));
    const refused = await when.skillInvoked('echo', {}, path('/status?code=418'));
    const slow = await when.skillInvoked('echo', {}, path('/slow?ms=31000'));
    const patient = await when.skillInvoked('echo', { n: 4 }, path('/slow?ms=20000'));
    await when.timePasses('2m');
    const of = async (id: string) => when.activation(id);
    then.add('no payload is an empty one', equals((await of(empty)).response, {}));
    then.add('a crash in the middle is an error', matches((await of(crash)).error?.message, /^daemon .*crash/));
    then.add('the daemon has come back', equals((await of(after)).response, { n: 3 }));
    then.add('no JSON is an error', matches((await of(wrong)).error?.message, /no JSON object: no JSON/));
    then.add('a refusal is an error that says which', matches((await of(refused)).error?.message, /answered 418/));
    then.add('too slow is an error', matches((await of(slow)).error?.message, /longer than 30000 ms/));
    then.add('slow is none', equals((await of(patient)).response, { n: 4 }));
  },
});
