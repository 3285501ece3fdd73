/** `fabric tasks resumeSchedule`: a paused schedule goes on. */
import type { Command } from '../../command.ts';
import { printAnswer } from '../../lists.ts';

export const resumeSchedule: Command = {
  path: ['tasks', 'resumeSchedule'],
  summary: 'Resume paused schedules',
  parameters: [{ name: 'schedules', description: 'their names', isVariadic: true }],
  async run(call) {
    const gateway = await call.context.gateway();
    for (const name of call.parameters(0)) {
      const path = gateway.inProject('tasks', name, 'resume');
      const query = { verbose: 'false' };
      await printAnswer(call, await gateway.json(path, { method: 'POST', query, about: `task ${name}` }));
    }
  },
};
