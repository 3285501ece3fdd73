/** The commands of `fabric skills`. */
import { deleteCommand, deployCommand, describeCommand } from '../../documents/by-name.ts';
import { saveCommand } from '../../documents/save.ts';
import { completedSkill, skillFileOptions } from './files.ts';
import { invokeSkill } from './invoke.ts';
import { skillKind } from './kind.ts';
import { listSkills } from './list.ts';
import { skillLogs } from './logs.ts';

export const skillsCommands = [
  saveCommand(skillKind, { options: skillFileOptions, complete: completedSkill }),
  listSkills,
  describeCommand(skillKind, ['json', 'yaml', 'k8s']),
  deployCommand(skillKind, 'deploy'),
  deployCommand(skillKind, 'undeploy'),
  deleteCommand(skillKind),
  invokeSkill,
  skillLogs,
];
