/** Ending a session. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { problems } from '../../errors.ts';
import { done } from '../../schemas/answers/common.ts';
import { projectOf, sessionOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const deleteSession = route({
  method: 'DELETE',
  path: `${inProject}/sessions/:session`,
  audience: 'users',
  summary: 'Deletes a session',
  operationId: 'deleteSession',
  answers: json(done),
  async handle(context, gateway) {
    const [project, id] = [projectOf(context), sessionOf(context)];
    if (!(await gateway.sessions.get(project, id))) throw problems.documentNotFound('session', id, project);
    await gateway.sessions.delete(project, id);
    return sendJson(context, { success: true, message: `Session ${JSON.stringify(id)} deleted` });
  },
});
