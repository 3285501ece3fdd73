/** Kinds of connections. */

import { sendJson, wholeNumber } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { connectionTypes } from '../../connections/connection-types.ts';
import { pageParameters } from '../../lists/list-parameters.ts';
import { connectionTypesAnswer } from '../../schemas/answers/connections.ts';
import { route } from '../route.ts';

const limitDefault = 20;

export const listConnectionTypes = route({
  method: 'GET',
  path: '/fabric/v4/connectiontypes',
  audience: 'users',
  summary: 'Lists kinds of connections with their parameters',
  operationId: 'listConnectionTypes',
  query: pageParameters,
  answers: json(connectionTypesAnswer),
  async handle(context) {
    const skip = wholeNumber(context, 'skip') ?? 0;
    const limit = wholeNumber(context, 'limit') ?? limitDefault;
    const end = limit === 0 ? undefined : skip + limit;
    return sendJson(context, { success: true, connectionTypes: connectionTypes.slice(skip, end) });
  },
});
