/** All sessions of a project that live. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { foundBy } from '../../lists/found-by.ts';
import { listParameters } from '../../lists/list-parameters.ts';
import type { ListedKind } from '../../lists/list-query.ts';
import { sessionsAnswer } from '../../schemas/answers/sessions.ts';
import { listedSession } from '../../sessions/shown.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

const listed: ListedKind = {
  kind: 'sessions',
  fields: ['sessionId', 'description', 'createdBy', 'ttl'],
  sortFields: ['createdAt', 'updatedAt'],
  timeFields: ['createdAt', 'updatedAt'],
  defaultSort: 'updatedAt',
};

export const listSessions = route({
  method: 'GET',
  path: `${inProject}/sessions`,
  audience: 'users',
  summary: 'Lists sessions',
  operationId: 'listSessions',
  query: listParameters(listed),
  answers: json(sessionsAnswer),
  async handle(context, gateway) {
    const found = await foundBy(context, listed, (query) => gateway.sessions.find(projectOf(context), query));
    return sendJson(context, { sessions: found.map(listedSession) });
  },
});
