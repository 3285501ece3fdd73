/** A new task: a Task's spec with a name. */

import { z } from 'zod';
import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { callerIn } from '../../access/authenticate.ts';
import { problems } from '../../errors.ts';
import { ofTheCluster } from '../../openapi/refusals.ts';
import { submittedAnswer } from '../../schemas/answers/tasks.ts';
import { createTask, requestBody } from '../../tasks/create.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const createTaskRoute = route({
  method: 'POST',
  path: `${inProject}/tasks`,
  audience: 'users',
  summary: 'Submits a task; with a schedule it is one',
  operationId: 'createTask',
  answers: json(submittedAnswer),
  refuses: [409, ...ofTheCluster],
  // Its fields are judged as the Task's, by what the cluster's definition is made of (`fabric/task/schema.ts`).
  body: z.looseObject({}),
  async handle(context, gateway, body) {
    if (!gateway.client) throw problems.noCluster('creating a task');
    const { username } = callerIn(context);
    const request = { project: projectOf(context), body: requestBody(body), username };
    const task = await createTask(gateway, gateway.client, request);
    const name = task.metadata?.name ?? '';
    const message = `Task ${JSON.stringify(name)} submitted`;
    return sendJson(context, { success: true, message, name, taskName: name });
  },
});
