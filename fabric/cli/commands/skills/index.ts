/** The commands of `fabric skills`. */
import { deleteCommand, deployCommand, describeCommand } from '../../documents/by-name.ts';
import type { DocumentKind } from '../../documents/kind.ts';
import { saveCommand } from '../../documents/save.ts';
import { completedSkill, skillFileOptions } from './files.ts';
import { invokeSkill } from './invoke.ts';
import { listSkills } from './list.ts';
import { skillLogs } from './logs.ts';

const skill: DocumentKind = { area: 'skills', name: 'skill', title: 'Skill' };

export const skillsCommands = [
  saveCommand(skill, { options: skillFileOptions, complete: completedSkill }),
  listSkills,
  describeCommand(skill, ['json', 'yaml', 'k8s']),
  deployCommand(skill, 'deploy'),
  deployCommand(skill, 'undeploy'),
  deleteCommand(skill),
  invokeSkill,
  skillLogs,
];
