/** Runs once more what has ended. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { callerIn } from '../../access/authenticate.ts';
import { problems } from '../../errors.ts';
import { ofTheCluster } from '../../openapi/refusals.ts';
import { restartedAnswer } from '../../schemas/answers/tasks.ts';
import { find } from '../../tasks/find.ts';
import { restartTask } from '../../tasks/restart.ts';
import { projectOf, taskNameOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const restartRoute = route({
  method: 'POST',
  path: `${inProject}/tasks/:name/restart`,
  audience: 'users',
  summary: 'Runs once more what has ended, from its record',
  operationId: 'restartTask',
  answers: json(restartedAnswer),
  refuses: [409, ...ofTheCluster],
  async handle(context, gateway) {
    if (!gateway.client) throw problems.noCluster('restarting a task');
    const name = taskNameOf(context);
    const { record } = await find(gateway, projectOf(context), name);
    if (!record) throw problems.isASchedule(name);
    const task = await restartTask(gateway, gateway.client, record, callerIn(context).username);
    const taskName = task.metadata?.name ?? '';
    const message = `Task "${name}" is run once more as "${taskName}"`;
    return sendJson(context, { success: true, message, name: taskName, taskName, restartOf: name });
  },
});
