/** Deleting a skill that no agent needs. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { agentsUsing } from '../../agents/uses.ts';
import { problems } from '../../errors.ts';
import { ofTheCluster } from '../../openapi/refusals.ts';
import { done } from '../../schemas/answers/common.ts';
import { undeploySkill } from '../../skills/deploy.ts';
import { isOfTheSystem } from '../../skills/system.ts';
import { documentIn } from '../document-in.ts';
import { inProject, route } from '../route.ts';

export const deleteSkill = route({
  method: 'DELETE',
  path: `${inProject}/skills/:skill`,
  audience: 'users',
  summary: 'Deletes a skill with all its versions, unless an agent refers to it',
  operationId: 'deleteSkill',
  answers: json(done),
  refuses: [403, ...ofTheCluster],
  async handle(context, gateway) {
    const skill = await documentIn(context, gateway.skills, 'skill');
    if (isOfTheSystem(skill.name, skill)) throw problems.ofTheSystem('skill', skill.name);
    const agents = await agentsUsing(gateway, skill.projectId, skill.name);
    if (agents.length > 0)
      throw problems.inUse(
        'skill',
        skill.name,
        agents.map((name) => ({ type: 'agent', name })),
      );
    await undeploySkill(gateway, skill);
    await gateway.skills.delete(skill.projectId, skill.name);
    return sendJson(context, { success: true, message: `Skill ${JSON.stringify(skill.name)} deleted` });
  },
});
