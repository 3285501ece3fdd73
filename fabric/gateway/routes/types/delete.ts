/** Deleting a type that no skill and no agent refers to. */

import { isObject, sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { problems } from '../../errors.ts';
import { done } from '../../schemas/answers/common.ts';
import type { Gateway } from '../../settings.ts';
import { documentIn } from '../document-in.ts';
import { inProject, route } from '../route.ts';

export const deleteType = route({
  method: 'DELETE',
  path: `${inProject}/types/:type`,
  audience: 'users',
  summary: 'Deletes a type, unless a skill or an agent refers to it',
  operationId: 'deleteType',
  answers: json(done),
  refuses: [403],
  async handle(context, gateway) {
    const { projectId, name } = await documentIn(context, gateway.types, 'type');
    const users = await usersOf(gateway, projectId, name);
    if (users.length > 0) throw problems.inUse('type', name, users);
    await gateway.types.delete(projectId, name);
    return sendJson(context, { success: true, message: `Type ${JSON.stringify(name)} deleted` });
  },
});

interface Signals {
  readonly inputs: readonly { readonly parameters?: unknown }[];
  readonly outputs: readonly { readonly parameters?: unknown }[];
}

async function usersOf(gateway: Gateway, project: string, name: string): Promise<{ type: string; name: string }[]> {
  const refers = ({ inputs, outputs }: Signals) =>
    [...inputs, ...outputs].some(({ parameters }) => isObject(parameters) && parameters.$ref === name);
  const skills = (await gateway.skills.find(project, {})).filter(({ content }) => refers(content.document));
  const agents = (await gateway.agents.find(project, {})).filter(({ content }) => refers(content));
  return [
    ...skills.map((skill) => ({ type: 'skill', name: skill.name })),
    ...agents.map((agent) => ({ type: 'agent', name: agent.name })),
  ];
}
