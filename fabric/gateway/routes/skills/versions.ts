/** All versions of a skill that there were. */

import { sendJson } from '../../../http/index.ts';
import { json } from '../../../openapi/operation.ts';
import { skillVersionsAnswer } from '../../schemas/answers/skills.ts';
import { documentIn } from '../document-in.ts';
import { inProject, route } from '../route.ts';

export const skillVersions = route({
  method: 'GET',
  path: `${inProject}/skills/:skill/versions`,
  audience: 'users',
  summary: 'Lists the versions of a skill, newest first',
  operationId: 'listSkillVersions',
  answers: json(skillVersionsAnswer),
  async handle(context, gateway) {
    const { projectId, name } = await documentIn(context, gateway.skills, 'skill');
    const versions = (await gateway.skills.versions(projectId, name)).map(
      ({ version, updatedAt, updatedBy, content }) => ({
        name,
        version,
        updatedAt,
        updatedBy,
        skill: content.document,
      }),
    );
    return sendJson(context, { success: true, versions });
  },
});
