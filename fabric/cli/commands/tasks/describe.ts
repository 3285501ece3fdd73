/** `fabric tasks describe`: the record of a task, a run or a schedule. */
import type { Command } from '../../command.ts';
import { documentOptions, printDocument } from '../../lists.ts';

export const describeTask: Command = {
  path: ['tasks', 'describe'],
  alias: 'get',
  summary: 'Describe a task, a run or a schedule',
  parameters: [{ name: 'task', description: 'its name' }],
  options: [{ flags: '--k8s', description: 'with the resource in the cluster' }, ...documentOptions],
  async run(call) {
    const gateway = await call.context.gateway();
    const name = call.parameter(0);
    const query = call.isOn('k8s') ? { k8s: 'true' } : {};
    const answer = await gateway.json(gateway.inProject('tasks', name), { query, about: `task ${name}` });
    await printDocument(call, answer);
  },
};
