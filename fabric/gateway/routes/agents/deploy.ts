/** Deploying and undeploying an agent; asked by GET, and so to be repeated without harm (contract 2.2). */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { checkDeployable } from '../../agents/deploy.ts';
import { done } from '../../schemas/answers/common.ts';
import { documentIn } from '../document-in.ts';
import { inProject, route } from '../route.ts';

export const deployAgent = route({
  method: 'GET',
  path: `${inProject}/agents/:agent/deploy`,
  audience: 'users',
  summary: 'Deploys an agent: checks that all that it needs is there',
  operationId: 'deployAgent',
  answers: json(done),
  async handle(context, gateway) {
    const agent = await documentIn(context, gateway.agents, 'agent');
    await checkDeployable(gateway, agent);
    await gateway.agents.noteDeployed(agent.projectId, agent.name, true);
    return sendJson(context, { success: true, message: `version ${agent.version} of ${agent.name} is deployed` });
  },
});

export const undeployAgent = route({
  method: 'GET',
  path: `${inProject}/agents/:agent/undeploy`,
  audience: 'users',
  summary: 'Undeploys an agent',
  operationId: 'undeployAgent',
  answers: json(done),
  async handle(context, gateway) {
    const agent = await documentIn(context, gateway.agents, 'agent');
    await gateway.agents.noteDeployed(agent.projectId, agent.name, false);
    return sendJson(context, { success: true, message: `${agent.name} is undeployed` });
  },
});
