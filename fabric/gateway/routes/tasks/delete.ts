/** Deletes tasks: one request may name several, `a,b` (contract 3.4.5). */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { ofTheCluster } from '../../openapi/refusals.ts';
import { done } from '../../schemas/answers/common.ts';
import { deleteTasks } from '../../tasks/delete.ts';
import { projectOf, taskNameOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const deleteTask = route({
  method: 'DELETE',
  path: `${inProject}/tasks/:name`,
  audience: 'users',
  summary: 'Deletes tasks or schedules, one or several (a,b); records of what has ended stay as history',
  operationId: 'deleteTasks',
  answers: json(done),
  refuses: ofTheCluster,
  async handle(context, gateway) {
    const names = taskNameOf(context)
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    await deleteTasks(gateway, projectOf(context), [...new Set(names)]);
    const which = names.length === 1 ? `task ${names[0]}` : `tasks ${names.join(', ')}`;
    return sendJson(context, { success: true, message: `Successfully marked ${which} for delete` });
  },
});
