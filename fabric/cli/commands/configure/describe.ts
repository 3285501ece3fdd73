/** `fabric configure describe`: a profile, without the private half of its key. */
import type { Command } from '../../command.ts';
import { documentOptions, printDocument } from '../../lists.ts';
import { profileOf, readProfiles } from '../../settings/profiles.ts';

export const describeProfile: Command = {
  path: ['configure', 'describe'],
  alias: 'get',
  summary: 'Describe a profile, without its private key',
  parameters: [{ name: 'profile', description: 'its name; the current one unless given', isOptional: true }],
  options: documentOptions,
  async run(call) {
    const name = call.parameter(0) || call.context.profile;
    const { jwk, ...profile } = profileOf(await readProfiles(call.context.surroundings), name);
    const { d: _, ...publicHalf } = jwk;
    await printDocument(call, { ...profile, jwk: publicHalf });
  },
};
