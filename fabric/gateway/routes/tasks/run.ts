/** Runs a schedule once, now, outside of its times. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { problems } from '../../errors.ts';
import { ofTheCluster } from '../../openapi/refusals.ts';
import { runAnswer } from '../../schemas/answers/tasks.ts';
import { runBody } from '../../schemas/run.ts';
import { runNow, scheduledTimeOf } from '../../tasks/run-now.ts';
import { projectOf, taskNameOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const runRoute = route({
  method: 'POST',
  path: `${inProject}/tasks/:name/run`,
  audience: 'users',
  summary: 'Runs a schedule once, now, outside of its times; also a paused one',
  operationId: 'runTask',
  answers: json(runAnswer),
  refuses: [409, ...ofTheCluster],
  body: runBody,
  async handle(context, gateway, body) {
    if (!gateway.client) throw problems.noCluster('running a schedule');
    const name = taskNameOf(context);
    const scheduledTime = scheduledTimeOf(body, gateway.world.clock.now());
    const run = await runNow(gateway, gateway.client, { project: projectOf(context), name, scheduledTime });
    return sendJson(context, { success: true, message: `Task "${name}" is run as "${run}"`, name: run });
  },
});
