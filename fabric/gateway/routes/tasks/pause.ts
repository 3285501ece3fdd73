/** Pauses a schedule (contract 3.4.6): without a body until somebody resumes it, else with why and until when. */

import { type HttpContext, sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { ofTheCluster } from '../../openapi/refusals.ts';
import { done } from '../../schemas/answers/common.ts';
import { type PauseBody, pauseBody } from '../../schemas/pause.ts';
import type { Gateway } from '../../settings.ts';
import { pauseOf, setSuspended } from '../../tasks/suspend.ts';
import { projectOf, taskNameOf } from '../parameters.ts';
import { inProject, type Route, route } from '../route.ts';

/** PATCH as an alias of POST. */
export const pauseRoutes: readonly Route[] = (['POST', 'PATCH'] as const).map((method) =>
  route({
    method,
    path: `${inProject}/tasks/:name/pause`,
    audience: 'users',
    summary: 'Pauses a schedule, with a reason and until an instant when they are given',
    operationId: method === 'POST' ? 'pauseTask' : 'pauseTaskByPatch',
    answers: json(done),
    refuses: [409, ...ofTheCluster],
    body: pauseBody,
    handle: pause,
  }),
);

async function pause(context: HttpContext, gateway: Gateway, body: PauseBody): Promise<Response> {
  const name = taskNameOf(context);
  await setSuspended(gateway, projectOf(context), name, true, pauseOf(body, gateway.world.clock.now()));
  return sendJson(context, { success: true, message: `Successfully paused task "${name}"` });
}
