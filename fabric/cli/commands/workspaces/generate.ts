/** `fabric workspaces generate`: the files of a new skill. */
import type { Command } from '../../command.ts';
import { usageError } from '../../errors.ts';
import { printLine } from '../../terminal.ts';
import { generateSkill, SkillExistsError } from '../../workspaces/generate.ts';
import { SkillNameError } from '../../workspaces/names.ts';
import { languages, skillTypes } from '../../workspaces/template-files.ts';
import { folderOption, workspaceOf } from './options.ts';

export const generateWorkspace: Command = {
  path: ['workspaces', 'generate'],
  summary: 'Write the files of a new skill: program, Dockerfile, skill.yaml, message and docs',
  parameters: [{ name: 'name', description: 'name of the skill; may hold one slash' }],
  options: [
    { flags: '--type <type>', description: 'what it is (job)', choices: skillTypes },
    { flags: '--language <language>', description: 'what its program is written in (python)', choices: languages },
    folderOption,
    { flags: '--force', description: 'overwrite files that are there' },
  ],
  async run(call) {
    const skill = {
      name: call.parameter(0),
      type: skillTypes.find((type) => type === call.text('type')) ?? 'job',
      language: languages.find((language) => language === call.text('language')) ?? 'python',
    };
    const workspace = workspaceOf(call);
    const { world, packageFiles } = call.context.surroundings;
    const generating = { files: world.files, packageFiles, workspace, force: call.isOn('force') };
    const paths = await generateSkill(generating, skill).catch((error: unknown) => {
      throw error instanceof SkillExistsError || error instanceof SkillNameError ? usageError(error.message) : error;
    });
    for (const path of paths) await printLine(call.context.terminal, path.slice(workspace.length + 1));
  },
};
