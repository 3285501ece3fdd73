/** All connections of a project. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { shownConnection } from '../../connections/shown.ts';
import { listedDocuments } from '../../documents/documents.ts';
import { foundBy } from '../../lists/found-by.ts';
import { listParameters } from '../../lists/list-parameters.ts';
import { connectionsAnswer } from '../../schemas/answers/connections.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

const listed = listedDocuments('connections', ['connectionType', 'allowWrite', 'contentType']);

export const listConnections = route({
  method: 'GET',
  path: `${inProject}/connections`,
  audience: 'users',
  summary: 'Lists connections',
  operationId: 'listConnections',
  query: listParameters(listed),
  answers: json(connectionsAnswer),
  async handle(context, gateway) {
    const found = await foundBy(context, listed, (query) => gateway.connections.find(projectOf(context), query));
    return sendJson(context, { success: true, connections: found.map(shownConnection) });
  },
});
