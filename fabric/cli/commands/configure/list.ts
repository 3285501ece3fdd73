/** `fabric configure list`. */
import type { Command } from '../../command.ts';
import { readProfiles } from '../../settings/profiles.ts';
import { printLine } from '../../terminal.ts';

export const listProfiles: Command = {
  path: ['configure', 'list'],
  summary: 'List profiles; a star is at the current one',
  async run(call) {
    const { currentProfile, profiles } = await readProfiles(call.context.surroundings);
    const names = Object.keys(profiles);
    if (names.length === 0) await printLine(call.context.terminal, 'No profiles found');
    for (const name of names) await printLine(call.context.terminal, `${name === currentProfile ? '*' : ' '} ${name}`);
  },
};
