/**
 * A project with something of everything: runs of a schedule, more of them than a page holds, one-time Tasks that
 * differ in every field that can be asked for, failures, a run of several attempts. Then the gateway is asked every
 * question that clients ask: each field up and down, each filter, all pages, descriptions, logs in each form; and for
 * each of several runs, since a broken filter may be right for one of them.
 */
import { worst } from '../../harness/invariants/verdict.ts';
import { scenario } from '../../harness/scenario/scenario.ts';
import { equals } from '../../harness/scenario/then.ts';

const tasks = '/fabric/v4/projects/proj1/tasks';

interface Listed {
  readonly tasks: readonly { readonly name: string; readonly status: string; readonly nextTime?: number }[];
}

export default scenario({
  title: 'Whatever a client asks of the gateway, the answer is what Kubernetes and the runs have shown',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const lines = 'print first; stderr second; log 3 lines; print last';
    await given.task('every', { schedule: '* * * * *', correlationId: 'corr-1', script: lines });
    await given.task('paused', { schedule: '*/5 * * * *', suspend: true, script: 'print never' });
    await given.task('alpha', {
      skillName: 'alpha',
      actionName: 'go',
      activationId: 'a-1',
      refId: 'r-1',
      script: lines,
    });
    await when.timePasses('1m20s');
    await given.task('beta', {
      skillName: 'beta',
      correlationId: 'corr-2',
      username: 'b@orrery.dev',
      script: 'exit 3',
    });
    await given.task('gamma', { skillName: 'alpha', backoffLimit: 1, script: 'print a try; exit 4' });
    await given.task('long', { channelId: 'c-1', sessionId: 's-1', script: 'print begun; sleep 10h' });
    await when.timePasses('24m');
    await then.gatewayAnswers(0);
    for (const turn of [7, 16, 25]) await then.gatewayAnswers(turn, false);

    const schedules = async (query: string) => {
      const { text } = await when.asked(`${tasks}?scheduled=true${query}`);
      return (JSON.parse(text) as Listed).tasks.map(({ name, status }) => `${name} ${status}`).sort();
    };
    then.add('both schedules are listed', equals(await schedules(''), ['every Active', 'paused PAUSED']));
    const filter = encodeURIComponent('{"state":"paused"}');
    then.add('filters hold for schedules too', equals(await schedules(`&filter=${filter}`), ['paused PAUSED']));
    const { text } = await when.asked(`${tasks}/every`);
    const shown = (JSON.parse(text) as { task: { nextTime?: number; schedule?: string; scheduled?: boolean } }).task;
    then.add(
      'a schedule tells its next start',
      worst([
        equals(shown.nextTime, Date.parse('2026-01-01T00:26:00Z')),
        equals([shown.schedule, shown.scheduled], ['* * * * *', true]),
      ]),
    );
  },
});
