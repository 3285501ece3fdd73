/** One connection. Its secrets stay references: no user is told a value. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { shownConnection } from '../../connections/shown.ts';
import { connectionAnswer } from '../../schemas/answers/connections.ts';
import { documentIn } from '../document-in.ts';
import { inProject, route } from '../route.ts';

export const describeConnection = route({
  method: 'GET',
  path: `${inProject}/connections/:connection`,
  audience: 'users',
  summary: 'Describes a connection',
  operationId: 'describeConnection',
  answers: json(connectionAnswer),
  async handle(context, gateway) {
    return sendJson(context, shownConnection(await documentIn(context, gateway.connections, 'connection')));
  },
});
