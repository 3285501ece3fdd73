/**
 * Tasks that say as much as a Task can say, in words that chance makes up: arguments, variables and payloads full of
 * what shells, Kubernetes, JSON and HTTP like to change (`$`, `$$`, `$(HOME)`, quotes, line feeds, other alphabets),
 * once 100 KB long. Each pod gets just that, byte for byte, and each record says it again.
 */

import { fails, holds } from '../../harness/invariants/verdict.ts';
import { jobsOf } from '../../harness/recording/recording.ts';
import type { RandomStream, TaskReference } from '../../harness/scenario/given.ts';
import { scenario } from '../../harness/scenario/scenario.ts';

const pieces = [
  '$',
  '$$',
  '$(HOME)',
  '$(A)',
  '$$(A)',
  '"',
  "'",
  '\\',
  '`',
  'ünïcode',
  '漢字',
  '🙂',
  '{}',
  '%20',
  ' ',
  '+',
  '\t',
];

export default scenario({
  title: 'A pod gets what its Task says byte for byte, and the record says it again',
  needs: ['virtual time'],
  async play({ given, when, then }) {
    const random = given.random.stream('words');
    const asked: { task: TaskReference; payload: string; variable: string }[] = [];
    for (let number = 0; number < 6; number++) {
      const payload = JSON.stringify({ text: words(random, number === 0 ? 20_000 : random.integer(0, 12)) });
      const variable = words(random, 4).replaceAll('$', '');
      const environment = { A: variable, B_2: words(random, 3), 'c.d-e': '' };
      const memory = `${random.integer(1, 900)}Mi`;
      const task = await given.task(`worded-${number}`, {
        ...(random.integer(0, 1) === 0 ? { command: ['print commanded'] } : {}),
        args: ['echo the payload', 'echo the variable A', `print ${random.integer(0, 9)} times \\; or more`],
        payload,
        environment,
        resources: { requests: { memory, cpu: `${random.integer(1, 90)}m` }, limits: { memory } },
        agentName: `agent-${number}`,
        activationId: `activation ${words(random, 2)}`.trim(),
        correlationId: `correlation-${number}`,
        channelId: words(random, 2).trim() || 'channel',
        refId: `ref/${number}`,
        sessionId: `session ${number}`,
        username: 'Somebody <somebody@orrery.dev>',
        backoffLimit: random.integer(0, 3),
        activeDeadlineSeconds: random.integer(600, 900),
        ttlSecondsAfterFinished: 3600,
      });
      asked.push({ task, payload, variable });
    }
    await when.timePasses('2m');
    for (const { task, payload, variable } of asked) {
      await then.recorded(task, 'COMPLETE', { payload, username: 'Somebody <somebody@orrery.dev>' });
      await then.holds(`${task.name} printed its payload and its variable as they were given`, (recording) => {
        const [job] = jobsOf(recording, task.name);
        const key = recording.records.find(({ uid }) => uid === job?.uid)?.logs?.key;
        const text = recording.logs.find((log) => log.key === key)?.text ?? '';
        const isThere = text.includes(`${payload}\n${variable}\n`);
        return isThere ? holds(`${text.length} characters`) : fails(text.slice(0, 200));
      });
    }
  },
});

/** Some of the pieces and some letters, in any order. */
function words(random: RandomStream, count: number): string {
  return Array.from({ length: count }, () =>
    random.integer(0, 2) === 0 ? random.text(5, 'abcXYZ019') : random.pick(pieces),
  ).join('');
}
