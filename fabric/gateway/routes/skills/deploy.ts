/** Deploying and undeploying a skill; asked by GET, and so to be repeated without harm (contract 2.2). */

import { isTrue, sendJson } from '../../../http/index.ts';
import { flag, json } from '../../../openapi/operation.ts';
import { problems } from '../../errors.ts';
import { ofTheCluster } from '../../openapi/refusals.ts';
import { done } from '../../schemas/answers/common.ts';
import { deployAnswer } from '../../schemas/answers/skills.ts';
import { actionsOf, deploySkill, undeploySkill } from '../../skills/deploy.ts';
import { isOfTheSystem } from '../../skills/system.ts';
import { documentIn } from '../document-in.ts';
import { inProject, route } from '../route.ts';

export const deployRoute = route({
  method: 'GET',
  path: `${inProject}/skills/:skill/deploy`,
  audience: 'users',
  summary: 'Deploys a skill, or with dryrun shows what would be made',
  operationId: 'deploySkill',
  query: { dryrun: flag('Makes nothing, and answers what would be made.') },
  answers: json(deployAnswer),
  refuses: ofTheCluster,
  async handle(context, gateway) {
    const skill = await documentIn(context, gateway.skills, 'skill');
    if (isTrue(context, 'dryrun')) {
      if (!gateway.deployer) throw problems.noCluster('a dry run');
      return sendJson(context, gateway.deployer.resources(skill, await actionsOf(gateway, skill)));
    }
    await deploySkill(gateway, skill);
    return sendJson(context, { success: true, message: `version ${skill.version} of ${skill.name} is deployed` });
  },
});

export const undeployRoute = route({
  method: 'GET',
  path: `${inProject}/skills/:skill/undeploy`,
  audience: 'users',
  summary: 'Removes what of a skill stands in the cluster',
  operationId: 'undeploySkill',
  answers: json(done),
  refuses: [403, ...ofTheCluster],
  async handle(context, gateway) {
    const skill = await documentIn(context, gateway.skills, 'skill');
    if (isOfTheSystem(skill.name, skill)) throw problems.ofTheSystem('skill', skill.name);
    await undeploySkill(gateway, skill);
    return sendJson(context, { success: true, message: `${skill.name} is undeployed` });
  },
});
