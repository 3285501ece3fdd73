/** `fabric tasks run`: a run of a schedule outside of its times. */
import type { Command } from '../../command.ts';
import { printAnswer } from '../../lists.ts';

export const runSchedule: Command = {
  path: ['tasks', 'run'],
  summary: 'Start a run of a schedule now',
  parameters: [{ name: 'schedule', description: 'name of the schedule' }],
  options: [
    { flags: '--scheduledTime <time>', description: 'the time that it is a run of, ISO 8601; now unless given' },
  ],
  async run(call) {
    const gateway = await call.context.gateway();
    const name = call.parameter(0);
    const scheduledTime = call.text('scheduledTime');
    const json = scheduledTime === undefined ? {} : { scheduledTime };
    const path = gateway.inProject('tasks', name, 'run');
    await printAnswer(call, await gateway.json(path, { method: 'POST', json, about: `task ${name}` }));
  },
};
