/** One agent: its document itself. */

import { stringify } from 'yaml';
import { invalidQuery, sendJson, sendText } from '../../../http/index.ts';
import { json, text, words } from '../../../openapi/operation.ts';
import { shownAgent } from '../../agents/shown.ts';
import { problems } from '../../errors.ts';
import { agentAnswer, agentVersionsAnswer } from '../../schemas/answers/agents.ts';
import { documentIn } from '../document-in.ts';
import { inProject, route } from '../route.ts';

export const describeAgent = route({
  method: 'GET',
  path: `${inProject}/agents/:agent`,
  audience: 'users',
  summary: 'Describes an agent: json or yaml',
  operationId: 'describeAgent',
  query: { output: words('`json` (the default) or `yaml`.') },
  answers: { ...json(agentAnswer), ...text('text/plain') },
  refuses: [501],
  async handle(context, gateway) {
    const agent = shownAgent(await documentIn(context, gateway.agents, 'agent'));
    const output = context.req.query('output')?.toLowerCase() || 'json';
    if (output === 'json') return sendJson(context, agent);
    if (output === 'yaml') return sendText(context, stringify(agent), { 'content-type': 'text/plain' });
    if (output === 'openapi') throw problems.notBuilt('output=openapi', 'of an agent');
    throw invalidQuery('output', `output must be json or yaml, not ${JSON.stringify(output)}`);
  },
});

export const agentVersions = route({
  method: 'GET',
  path: `${inProject}/agents/:agent/versions`,
  audience: 'users',
  summary: 'Lists the versions of an agent, newest first',
  operationId: 'listAgentVersions',
  answers: json(agentVersionsAnswer),
  async handle(context, gateway) {
    const { projectId, name } = await documentIn(context, gateway.agents, 'agent');
    const versions = (await gateway.agents.versions(projectId, name)).map(
      ({ version, updatedAt, updatedBy, content }) => ({ name, version, updatedAt, updatedBy, agent: content }),
    );
    return sendJson(context, { success: true, versions });
  },
});
