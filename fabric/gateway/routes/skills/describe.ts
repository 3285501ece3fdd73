/** One skill: its document itself, or what Kubernetes is given for it. */

import { stringify } from 'yaml';
import { invalidQuery, sendJson, sendText } from '../../../http/index.ts';
import { json, text, words } from '../../../openapi/operation.ts';
import { problems } from '../../errors.ts';
import { skillAnswer } from '../../schemas/answers/skills.ts';
import { actionsOf } from '../../skills/deploy.ts';
import { shownSkill } from '../../skills/shown.ts';
import { documentIn } from '../document-in.ts';
import { inProject, route } from '../route.ts';

export const describeSkill = route({
  method: 'GET',
  path: `${inProject}/skills/:skill`,
  audience: 'users',
  summary: 'Describes a skill: json, yaml or k8s',
  operationId: 'describeSkill',
  query: { output: words('`json` (the default), `yaml`, or `k8s` for what Kubernetes is given.') },
  answers: { ...json(skillAnswer), ...text('text/plain') },
  refuses: [501],
  async handle(context, gateway) {
    const skill = await documentIn(context, gateway.skills, 'skill');
    const output = context.req.query('output')?.toLowerCase() || 'json';
    if (output === 'json') return sendJson(context, await shownSkill(gateway, skill, true));
    const type = { 'content-type': 'text/plain' };
    if (output === 'yaml') return sendText(context, stringify(await shownSkill(gateway, skill, false)), type);
    if (output === 'openapi') throw problems.notBuilt('output=openapi', 'of a skill');
    if (output !== 'k8s')
      throw invalidQuery('output', `output must be json, yaml or k8s, not ${JSON.stringify(output)}`);
    if (!gateway.deployer) throw problems.noCluster('output=k8s');
    const resources = gateway.deployer.resources(skill, await actionsOf(gateway, skill));
    return sendText(
      context,
      resources.map((resource) => stringify(resource, { aliasDuplicateObjects: false })).join('---\n'),
      type,
    );
  },
});
