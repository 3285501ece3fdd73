/** Routes of skills. */
import type { Route } from '../route.ts';
import { deleteSkill } from './delete.ts';
import { deployRoute, undeployRoute } from './deploy.ts';
import { describeSkill } from './describe.ts';
import { invokeSkillRoutes } from './invoke.ts';
import { listSkills } from './list.ts';
import { skillLogs } from './logs.ts';
import { saveSkill } from './save.ts';
import { skillVersions } from './versions.ts';

export const skillsRoutes: readonly Route[] = [
  saveSkill,
  listSkills,
  describeSkill,
  skillVersions,
  deployRoute,
  undeployRoute,
  deleteSkill,
  skillLogs,
  ...invokeSkillRoutes,
];
