/** What the gateway itself saves in a project. */
import { sysInvokeSkill } from '../../sys-invoke-skill/skill.ts';

/** Its `createdBy`. */
export const systemUser = 'system';

/** True when users must leave the skill alone: it is the gateway's, or has the name that the gateway needs. */
export function isOfTheSystem(name: string, holder: { readonly createdBy: string } | undefined): boolean {
  return name === sysInvokeSkill || holder?.createdBy === systemUser;
}
