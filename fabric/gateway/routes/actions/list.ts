/** All actions of a project that were saved on their own. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { shownAction } from '../../actions/shown.ts';
import { listedDocuments } from '../../documents/documents.ts';
import { foundBy } from '../../lists/found-by.ts';
import { listParameters } from '../../lists/list-parameters.ts';
import { actionsAnswer } from '../../schemas/answers/actions.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

const listed = listedDocuments('actions', ['type', 'image']);

export const listActions = route({
  method: 'GET',
  path: `${inProject}/actions`,
  audience: 'users',
  summary: 'Lists actions',
  operationId: 'listActions',
  query: listParameters(listed),
  answers: json(actionsAnswer),
  async handle(context, gateway) {
    const found = await foundBy(context, listed, (query) => gateway.actions.find(projectOf(context), query));
    return sendJson(context, { success: true, actions: found.map(shownAction) });
  },
});
