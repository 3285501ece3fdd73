/** The commands of `fabric configure`. */
import { saveProfile } from './configure.ts';
import { describeProfile } from './describe.ts';
import { printEnvironment } from './env.ts';
import { listProfiles } from './list.ts';
import { setProfile } from './set-profile.ts';
import { printToken } from './token.ts';

export const configureCommands = [saveProfile, listProfiles, describeProfile, setProfile, printToken, printEnvironment];
