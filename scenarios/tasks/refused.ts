/**
 * Tasks that cannot be: the API server refuses what its schema forbids, in its own words; what only the operator can
 * tell stands in the Task's status. Neither becomes a Job.
 */
import { fails, holds } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

export default scenario({
  title: 'A wrong Task is refused with the field named, or its status says why it does not run',
  async play({ given, when, then }) {
    const policy = await given.refusalOf('policy', {
      schedule: '* * * * *',
      concurrencyPolicy: 'Sometimes' as 'Allow',
    });
    then.add(
      'a policy that is none is refused',
      names(policy, 'spec.concurrencyPolicy: Unsupported value: "Sometimes"'),
    );
    const deadline = await given.refusalOf('deadline', { schedule: '* * * * *', startingDeadlineSeconds: -1 });
    then.add('a deadline below 0 is refused', names(deadline, 'spec.startingDeadlineSeconds'));
    const odd = await given.task('odd', { schedule: '61 * * * *', script: 'print never' });
    await when.timePasses('3m');
    await then.runs(odd, 0);
    await then.holds('the status of the schedule that cannot be read names the field', ({ tasks }) => {
      const { conditions = [] } = tasks.find(({ name }) => name === odd.name) ?? {};
      const found = conditions.find(({ message }) => message?.includes('spec.schedule'));
      return found ? holds(`${found.reason}: ${found.message}`) : fails(JSON.stringify(conditions));
    });
  },
});

function names(refusal: string | undefined, words: string) {
  if (refusal === undefined) return fails('it was accepted');
  return refusal.includes(words) ? holds(refusal) : fails(refusal);
}
