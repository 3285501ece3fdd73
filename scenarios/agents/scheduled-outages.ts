/**
 * The gateway is killed and cut off in the middle of scheduled runs: each run stays one activation, and ends with it.
 */
import { agentOf, jobSkill } from '../../harness/scenario/documents.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

export default scenario({
  title: 'Scheduled runs outlive the gateway: none is lost, none invokes twice',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    await given.skill(jobSkill('brief', 'echo the input; sleep 20s'));
    await given.agent(
      agentOf(
        'steady',
        [
          ['input', 'brief'],
          ['brief', 'output'],
        ],
        { 'schedule.concurrencyPolicy': 'Forbid' },
      ),
    );
    const task = await when.agentScheduled('steady', '* * * * *');
    // From before a run begins to after its activation has ended, in steps that fall into each part of it.
    for (let round = 0; round < 12; round += 1) {
      await when.timePasses(`${50 + (round % 5)}s`);
      await when.dies('gateway');
      await when.timePasses('8s');
      await when.comesBack('gateway');
    }
    await when.suspended(task);
    await when.timePasses('3m');
    await then.ended(task, 'Complete');
    await then.neverOverlaps(task);
    const activations = await when.activationsOf(task.name);
    await then.runs(task, activations.length);
    then.add('there were many', equals(activations.length > 8, true));
    then.add(
      'each activation is complete',
      equals([...new Set(activations.map(({ status }) => status))], ['COMPLETE']),
    );
  },
});
