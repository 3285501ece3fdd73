/** `fabric configure`: a personal access token becomes a profile, and the current one. */
import type { Command } from '../../command.ts';
import { usageError } from '../../errors.ts';
import { absolute } from '../../input.ts';
import { profilesFile, readProfiles, readTokenDocument, writeProfiles } from '../../settings/profiles.ts';
import { printLine } from '../../terminal.ts';

export const saveProfile: Command = {
  path: ['configure'],
  summary: 'Make a profile of a personal access token file, or change its project',
  options: [{ flags: '--file <file>', description: 'the personal access token; without it the profile keeps its own' }],
  async run(call) {
    const { surroundings, project, profile = 'default' } = call.context;
    const present = await readProfiles(surroundings);
    const file = call.text('file');
    const before = Object.hasOwn(present.profiles, profile) ? present.profiles[profile] : undefined;
    const token = file === undefined ? before : await readTokenDocument(surroundings, absolute(surroundings, file));
    if (!token) throw usageError(`there is no profile ${JSON.stringify(profile)} yet: name a token file by --file`);
    const kept = project ?? before?.project;
    const changed = { ...token, ...(kept === undefined ? {} : { project: kept }) };
    await writeProfiles(surroundings, {
      currentProfile: profile,
      profiles: { ...present.profiles, [profile]: changed },
    });
    const inProject = kept === undefined ? 'without a project' : `project ${kept}`;
    await printLine(
      call.context.terminal,
      `Configured profile ${profile}: ${changed.url}, ${changed.username}, ${inProject}`,
    );
    await printLine(call.context.terminal, `It is kept in ${profilesFile(surroundings)}`);
  },
};
