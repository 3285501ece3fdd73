/** `fabric workspaces build`: an image for each action with a Dockerfile. */
import type { Command } from '../../command.ts';
import { buildSkill } from '../../workspaces/build.ts';
import { chosenSkills, folderOption, skillOption } from './options.ts';

export const buildWorkspace: Command = {
  path: ['workspaces', 'build'],
  summary: 'Build the images of the skills with docker',
  options: [skillOption, folderOption],
  async run(call) {
    for (const skill of await chosenSkills(call)) await buildSkill(call.context.surroundings, skill);
  },
};
