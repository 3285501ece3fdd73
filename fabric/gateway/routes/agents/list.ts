/** All agents of a project. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { shownAgent } from '../../agents/shown.ts';
import { listedDocuments } from '../../documents/documents.ts';
import { foundBy } from '../../lists/found-by.ts';
import { listParameters } from '../../lists/list-parameters.ts';
import { agentsAnswer } from '../../schemas/answers/agents.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

const listed = listedDocuments('agents');

export const listAgents = route({
  method: 'GET',
  path: `${inProject}/agents`,
  audience: 'users',
  summary: 'Lists agents',
  operationId: 'listAgents',
  query: listParameters(listed),
  answers: json(agentsAnswer),
  async handle(context, gateway) {
    const found = await foundBy(context, listed, (query) => gateway.agents.find(projectOf(context), query));
    return sendJson(context, { agents: found.map(shownAgent) });
  },
});
