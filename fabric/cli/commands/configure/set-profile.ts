/** `fabric configure set-profile`: another profile becomes the current one. */
import type { Command } from '../../command.ts';
import { profileOf, readProfiles, writeProfiles } from '../../settings/profiles.ts';
import { printLine } from '../../terminal.ts';

export const setProfile: Command = {
  path: ['configure', 'set-profile'],
  summary: 'Choose the current profile',
  parameters: [{ name: 'profile', description: 'its name' }],
  async run(call) {
    const { surroundings, terminal } = call.context;
    const profiles = await readProfiles(surroundings);
    const name = call.parameter(0);
    const { url, username } = profileOf(profiles, name);
    await writeProfiles(surroundings, { ...profiles, currentProfile: name });
    await printLine(terminal, `The current profile is ${name}: ${url}, ${username}`);
  },
};
