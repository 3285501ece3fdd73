/** Saving a skill, which also deploys it (contract trap 12). */

import { Problem, sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { callerIn } from '../../access/authenticate.ts';
import { problems } from '../../errors.ts';
import { saved as savedAnswer } from '../../schemas/answers/common.ts';
import { skillDocument } from '../../schemas/skill.ts';
import { checkSkill } from '../../skills/check.ts';
import { deploySkill } from '../../skills/deploy.ts';
import { isOfTheSystem } from '../../skills/system.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

export const saveSkill = route({
  method: 'POST',
  path: `${inProject}/skills`,
  audience: 'users',
  summary: 'Saves a skill and deploys it; a changed one is the next version',
  operationId: 'saveSkill',
  answers: json(savedAnswer),
  refuses: [403],
  body: skillDocument,
  async handle(context, gateway, document) {
    const project = projectOf(context);
    const checked = checkSkill(document);
    if ('faults' in checked) throw problems.invalidDocument('skill', checked.faults);
    const { name, title, description } = document;
    const holder = await gateway.skills.get(project, name);
    if (isOfTheSystem(name, holder)) throw problems.ofTheSystem('skill', name);
    const { username } = callerIn(context);
    const facts = { title, description };
    const saved = await gateway.skills.save({ project, name, content: checked.content, facts, username });
    const fault = await deploySkill(gateway, saved).catch((error: unknown) => {
      if (error instanceof Problem) return error;
      throw error;
    });
    const deployed = fault ? `saved, but not deployed: ${fault.message}` : 'saved and deployed';
    return sendJson(context, {
      success: true,
      version: saved.version,
      message: `Skill ${JSON.stringify(name)} version ${saved.version} ${deployed}`,
      ...(fault && fault.details.length > 0 ? { details: fault.details } : {}),
    });
  },
});
