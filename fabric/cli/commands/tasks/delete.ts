/**
 * `fabric tasks delete`: one request for all that are named, so that nothing is deleted when one of them is unknown.
 */
import type { Command } from '../../command.ts';
import { printAnswer } from '../../lists.ts';

export const deleteTasks: Command = {
  path: ['tasks', 'delete'],
  alias: 'cancel',
  summary: 'Delete tasks or schedules, and stop what they run',
  parameters: [{ name: 'tasks', description: 'their names', isVariadic: true }],
  async run(call) {
    const gateway = await call.context.gateway();
    const names = call.parameters(0);
    const about = names.length === 1 ? `task ${names[0]}` : `tasks ${names.join(', ')}`;
    const path = gateway.inProject('tasks', names.join(','));
    await printAnswer(call, await gateway.json(path, { method: 'DELETE', query: { verbose: 'false' }, about }));
  },
};
