/** A skill as clients read it (contract 3.7). */
import type { ActionStatus } from '../runtimes/deployer.ts';
import type { Gateway } from '../settings.ts';
import { actionsOf } from './deploy.ts';
import type { Skill } from './skill.ts';

export type ShownSkill = Readonly<Record<string, unknown>>;

/** The document with what the platform knows of it. `withStatus` asks the cluster about daemons. */
export async function shownSkill(gateway: Gateway, skill: Skill, withStatus: boolean): Promise<ShownSkill> {
  const { document } = skill.content;
  const { version, createdBy, createdAt, updatedAt, isDeployed, deployFault } = skill;
  const actionStatuses = withStatus ? await statusesOf(gateway, skill) : undefined;
  return {
    ...document,
    ...{ version, createdBy, createdAt, updatedAt },
    deployStatus: isDeployed ? 'DEPLOYED' : deployFault === undefined ? 'UNDEPLOYED' : 'FAILED',
    ...(deployFault === undefined ? {} : { deployMessage: deployFault }),
    ...(actionStatuses === undefined ? {} : { actionStatuses }),
  };
}

async function statusesOf(gateway: Gateway, skill: Skill): Promise<readonly ActionStatus[]> {
  if (!skill.isDeployed) return [];
  try {
    const actions = await actionsOf(gateway, skill);
    if (gateway.deployer) return await gateway.deployer.status(skill, actions);
    return actions.map(({ name }) => ({ name, state: 'DEPLOYED' }));
  } catch (error) {
    gateway.world.log.debug('the state of a skill is not known', { skill: skill.name, error: String(error) });
    return [];
  }
}
