/** `fabric tasks list`: schedules, or one-time tasks and runs. */
import type { Command } from '../../command.ts';
import { listOptions, listQuery, printList } from '../../lists.ts';
import { type ShownTask, scheduleColumns, taskColumns } from './task.ts';

const wanted = [
  'actionName',
  'activationId',
  'agentName',
  'skillName',
  'username',
  'scheduleName',
  'correlationId',
  'state',
];

export const listTasks: Command = {
  path: ['tasks', 'list'],
  alias: 'l',
  summary: 'List tasks and runs, or schedules',
  options: [
    { flags: '--scheduled', description: 'schedules, and not what they have started' },
    { flags: '--wide', description: 'agent, user and next start as well' },
    ...wanted.map((name) => ({ flags: `--${name} <text>`, description: `only those of this ${name}` })),
    ...listOptions,
  ],
  async run(call) {
    const gateway = await call.context.gateway();
    const isScheduled = call.isOn('scheduled');
    const { tasks } = await gateway.json<{ tasks: ShownTask[] }>(gateway.inProject('tasks'), {
      query: {
        ...listQuery(call, '{"startTime":-1}'),
        ...(isScheduled ? { scheduled: 'true' } : {}),
        ...Object.fromEntries(wanted.map((name) => [name, call.text(name)])),
      },
      about: 'list of tasks',
    });
    const now = call.context.world.clock.now();
    const columns = (isScheduled ? scheduleColumns : taskColumns)(now, call.isOn('wide'));
    await printList(call, { rows: tasks, columns, what: 'tasks' });
  },
};
