/**
 * sys-invoke-skill in the projects: the gateway saves it by itself where an agent is scheduled. It runs from the
 * gateway's own image, and becomes the next version when that image or what the skill is changes.
 */
import { sysInvokeContent, sysInvokeSkill } from '../../sys-invoke-skill/skill.ts';
import { problems } from '../errors.ts';
import type { Gateway } from '../settings.ts';
import { deploySkill } from '../skills/deploy.ts';
import { systemUser } from '../skills/system.ts';

/**
 * Saves and deploys it in the project, unless it is there as it should be. Throws a Problem when a user's skill has its
 * name.
 */
export async function ensureSystemSkill(gateway: Gateway, project: string): Promise<void> {
  const content = sysInvokeContent(gateway.invokeImage);
  const held = await gateway.skills.get(project, sysInvokeSkill);
  if (held && held.createdBy !== systemUser) throw problems.systemSkillTaken(sysInvokeSkill, held.createdBy);
  const { title = '', description = '' } = content.document;
  const facts = { title, description };
  const saved = await gateway.skills.save({ project, name: sysInvokeSkill, content, facts, username: systemUser });
  const isUnchanged = saved.version === held?.version && held.isDeployed && held.deployFault === undefined;
  if (!isUnchanged) await deploySkill(gateway, saved);
}
