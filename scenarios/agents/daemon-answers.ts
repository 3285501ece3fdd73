/**
 * A daemon on any cluster: asked when it is ready, without a payload, in the middle of its crash, and when it has come
 * back.
 */
import { daemonSkill } from '../../harness/scenario/documents.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals, matches } from '../../harness/scenario/then.ts';

export default scenario({
  title: 'A daemon answers, ends in the middle of an answer, and answers again',
  needs: ['agents'],
  async play({ given, when, then }) {
    await given.skill(daemonSkill('echo'));
    await when.skillReady('echo');
    const path = (daemonPath: string) => ({ properties: { 'daemon.path': daemonPath } });
    const invoked = async (payload: object, more = {}) =>
      when.activationEnded(await when.skillInvoked('echo', payload, more));

    then.add('it answers with its payload', equals((await invoked({ n: 1 })).response, { n: 1 }));
    then.add('no payload is an empty one', equals((await invoked({}, path('/empty'))).response, {}));
    const crash = await invoked({ n: 2 }, path('/crash'));
    then.add('a crash in the middle is an error', matches(crash.error?.message, /^daemon .*crash/));
    // Until then a cluster may still call it ready, and its network lead elsewhere.
    await when.until({
      words: 'the daemon has been started again',
      isMet: ({ pods }) => pods.some(({ name, restarts }) => name.startsWith('proj1-echo-') && restarts > 0),
    });
    await when.skillReady('echo');
    then.add('it has come back', equals((await invoked({ n: 3 })).response, { n: 3 }));
    const late = await invoked({}, path('/slow?ms=31000'));
    then.add('what takes too long is an error', matches(late.error?.message, /longer than 30000 ms/));
  },
});
