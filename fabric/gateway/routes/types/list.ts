/** All types of a project. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { listedDocuments } from '../../documents/documents.ts';
import { foundBy } from '../../lists/found-by.ts';
import { listParameters } from '../../lists/list-parameters.ts';
import { typesAnswer } from '../../schemas/answers/types.ts';
import { shownType } from '../../types/shown.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

const listed = listedDocuments('types');

export const listTypes = route({
  method: 'GET',
  path: `${inProject}/types`,
  audience: 'users',
  summary: 'Lists types',
  operationId: 'listTypes',
  query: listParameters(listed),
  answers: json(typesAnswer),
  async handle(context, gateway) {
    const found = await foundBy(context, listed, (query) => gateway.types.find(projectOf(context), query));
    return sendJson(context, { types: found.map(shownType) });
  },
});
