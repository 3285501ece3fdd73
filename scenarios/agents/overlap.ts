/**
 * A scheduled agent whose activation outlasts its interval: a run lasts until its activation has ended, so each policy
 * means what it says.
 */
import { agentOf, jobSkill } from '../../harness/scenario/documents.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

const policies = ['Allow', 'Forbid', 'Replace'] as const;
const project = '/fabric/v4/projects/proj1';

export default scenario({
  title: 'Overlapping runs of a scheduled agent go by its policy, activations and jobs included',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    await given.skill(jobSkill('long', 'print begun; sleep 90s; print over'));
    for (const policy of policies) {
      const name = policy.toLowerCase();
      const properties = { 'schedule.concurrencyPolicy': policy };
      await given.agent(
        agentOf(
          name,
          [
            ['input', 'long'],
            ['long', 'output'],
          ],
          properties,
        ),
      );
      const path = `${project}/agentinvoke/${name}/services/input?scheduleCron=*+*+*+*+*`;
      await when.asked(path, { method: 'POST', body: '{}' });
    }
    await when.timePasses('10m30s');
    const list = async (name: string) => {
      const { text } = await when.asked(`${project}/activations?correlationId=proj1-${name}&limit=0&sort=asc`);
      return JSON.parse(text).activations as { status: string; start: number; end?: number }[];
    };
    const allow = await list('allow');
    then.add(
      'Allow: they overlap',
      equals(allow.filter((each, index) => overlaps(each, allow[index + 1])).length > 5, true),
    );
    const forbid = await list('forbid');
    then.add(
      'Forbid: none begins before the one before has ended',
      equals(
        forbid.filter((each, i) => overlaps(each, forbid[i + 1])),
        [],
      ),
    );
    then.add(
      'Forbid: each comes to its end',
      equals(
        forbid
          .slice(0, -1)
          .map(({ status }) => status)
          .every((s) => s === 'COMPLETE'),
        true,
      ),
    );
    const replace = await list('replace');
    const ended = replace.slice(0, -1).map(({ status }) => status);
    then.add('Replace: each but the last is cancelled', equals([...new Set(ended)], ['CANCELLED']));
    await when.timePasses('1s');
  },
});

function overlaps(one: { readonly end?: number }, next: { readonly start: number } | undefined): boolean {
  return next !== undefined && (one.end ?? Number.POSITIVE_INFINITY) > next.start;
}
