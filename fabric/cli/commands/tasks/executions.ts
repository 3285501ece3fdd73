/** `fabric tasks executions`: the runs of a schedule. */
import type { Command } from '../../command.ts';
import { listOptions, listQuery, printList } from '../../lists.ts';
import { type ShownTask, taskColumns } from './task.ts';

export const listExecutions: Command = {
  path: ['tasks', 'executions'],
  summary: 'List the runs of a schedule, also of one that has been deleted',
  parameters: [{ name: 'schedule', description: 'name of the schedule' }],
  options: [{ flags: '--wide', description: 'agent and user as well' }, ...listOptions],
  async run(call) {
    const gateway = await call.context.gateway();
    const name = call.parameter(0);
    const { tasks } = await gateway.json<{ tasks: ShownTask[] }>(gateway.inProject('tasks', name, 'executions'), {
      query: listQuery(call, '{"startTime":-1}'),
      about: `runs of ${name}`,
    });
    const columns = taskColumns(call.context.world.clock.now(), call.isOn('wide'));
    await printList(call, { rows: tasks, columns, what: 'runs' });
  },
};
