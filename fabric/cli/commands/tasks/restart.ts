/** `fabric tasks restart`: a new task of what an ended one was made from. */
import type { Command } from '../../command.ts';
import { printAnswer } from '../../lists.ts';

export const restartTask: Command = {
  path: ['tasks', 'restart'],
  summary: 'Start a task or a run again, as a new task',
  parameters: [{ name: 'task', description: 'name of the task or run' }],
  async run(call) {
    const gateway = await call.context.gateway();
    const name = call.parameter(0);
    const path = gateway.inProject('tasks', name, 'restart');
    await printAnswer(call, await gateway.json(path, { method: 'POST', about: `task ${name}` }));
  },
};
