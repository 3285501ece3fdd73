/** Resumes a schedule (contract 3.4.6). */

import { type HttpContext, sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { ofTheCluster } from '../../openapi/refusals.ts';
import { done } from '../../schemas/answers/common.ts';
import type { Gateway } from '../../settings.ts';
import { setSuspended } from '../../tasks/suspend.ts';
import { projectOf, taskNameOf } from '../parameters.ts';
import { inProject, type Route, route } from '../route.ts';

/** PATCH as an alias of POST. */
export const resumeRoutes: readonly Route[] = (['POST', 'PATCH'] as const).map((method) =>
  route({
    method,
    path: `${inProject}/tasks/:name/resume`,
    audience: 'users',
    summary: 'Resumes a schedule',
    operationId: method === 'POST' ? 'resumeTask' : 'resumeTaskByPatch',
    answers: json(done),
    refuses: [409, ...ofTheCluster],
    handle: resume,
  }),
);

async function resume(context: HttpContext, gateway: Gateway): Promise<Response> {
  const name = taskNameOf(context);
  await setSuspended(gateway, projectOf(context), name, false);
  return sendJson(context, { success: true, message: `Successfully resumed task "${name}"` });
}
