/** Deleting an action that no skill needs. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { problems } from '../../errors.ts';
import { done } from '../../schemas/answers/common.ts';
import { usesAction } from '../../skills/deploy.ts';
import { systemUser } from '../../skills/system.ts';
import { documentIn } from '../document-in.ts';
import { inProject, route } from '../route.ts';

export const deleteAction = route({
  method: 'DELETE',
  path: `${inProject}/actions/:action`,
  audience: 'users',
  summary: 'Deletes an action, unless a skill leads to it',
  operationId: 'deleteAction',
  answers: json(done),
  refuses: [403],
  async handle(context, gateway) {
    const { projectId, name, createdBy } = await documentIn(context, gateway.actions, 'action');
    if (createdBy === systemUser) throw problems.ofTheSystem('action', name);
    const users = (await gateway.skills.find(projectId, {})).filter(
      (skill) => usesAction(skill, name) && !skill.content.actions.some((own) => own.name === name),
    );
    if (users.length > 0)
      throw problems.inUse(
        'action',
        name,
        users.map((skill) => ({ type: 'skill', name: skill.name })),
      );
    await gateway.actions.delete(projectId, name);
    return sendJson(context, { success: true, message: `Action ${JSON.stringify(name)} deleted` });
  },
});
