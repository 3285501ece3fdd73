/** All skills of a project. */

import { z } from 'zod';
import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { listedDocuments } from '../../documents/documents.ts';
import { foundBy } from '../../lists/found-by.ts';
import { listParameters } from '../../lists/list-parameters.ts';
import { skillsAnswer } from '../../schemas/answers/skills.ts';
import { shownSkill } from '../../skills/shown.ts';
import { projectOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

const listed = listedDocuments('skills');

export const listSkills = route({
  method: 'GET',
  path: `${inProject}/skills`,
  audience: 'users',
  summary: 'Lists skills with the state of their actions',
  operationId: 'listSkills',
  query: {
    status: z.boolean().default(true).describe('Without the states of actions when it is `false`.'),
    ...listParameters(listed),
  },
  answers: json(skillsAnswer),
  async handle(context, gateway) {
    const withStatus = context.req.query('status')?.toLowerCase() !== 'false';
    const found = await foundBy(context, listed, (query) => gateway.skills.find(projectOf(context), query));
    const skills = [];
    for (const skill of found) skills.push(await shownSkill(gateway, skill, withStatus));
    return sendJson(context, { skills });
  },
});
