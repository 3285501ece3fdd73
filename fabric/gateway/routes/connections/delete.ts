/** Deleting a connection. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { done } from '../../schemas/answers/common.ts';
import { documentIn } from '../document-in.ts';
import { inProject, route } from '../route.ts';

export const deleteConnection = route({
  method: 'DELETE',
  path: `${inProject}/connections/:connection`,
  audience: 'users',
  summary: 'Deletes a connection',
  operationId: 'deleteConnection',
  answers: json(done),
  async handle(context, gateway) {
    const { projectId, name } = await documentIn(context, gateway.connections, 'connection');
    await gateway.connections.delete(projectId, name);
    return sendJson(context, { success: true, message: `Connection ${JSON.stringify(name)} deleted` });
  },
});
