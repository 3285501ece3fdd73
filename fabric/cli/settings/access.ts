/**
 * Which gateway a command asks, as whom and in which project: flags before the environment, the environment before the
 * profile.
 */
import { KeyFormatError, signingKey } from '../../identity/key.ts';
import { bearerToken } from '../../identity/personal-access-token.ts';
import { CommandError } from '../errors.ts';
import type { Surroundings } from '../surroundings.ts';
import { type Profile, profileOf, readProfiles } from './profiles.ts';

export interface AccessFlags {
  readonly profile?: string;
  readonly project?: string;
}

export interface Access {
  /** Base URL, without a slash at its end. */
  readonly url: string;
  /** undefined when none is configured: only commands that need none can go on. */
  readonly project: string | undefined;
  /**
   * A bearer token, valid from `now` (epoch ms of the server) on; undefined where the gateway asks nobody who he is.
   */
  token(now: number, lifetimeMs: number): string | undefined;
}

/** CommandError when nothing says which gateway, or the profile is none. */
export async function resolveAccess(surroundings: Surroundings, flags: AccessFlags): Promise<Access> {
  const { environment } = surroundings;
  const url = environment.FABRIC_URL || environment.CORTEX_URI || environment.CORTEX_URL;
  const token = environment.FABRIC_TOKEN || environment.CORTEX_TOKEN;
  const ownProject = flags.project || environment.FABRIC_PROJECT || environment.CORTEX_PROJECT;
  const profiles = await readProfiles(surroundings);
  const isEnough = url !== undefined && token !== undefined;
  const isAnonymous = url !== undefined && flags.profile === undefined && Object.keys(profiles.profiles).length === 0;
  if (isEnough || isAnonymous) return { url: withoutSlash(url), project: ownProject, token: () => token };
  const profile = profileOf(profiles, flags.profile);
  return {
    url: withoutSlash(url ?? profile.url),
    project: ownProject || profile.project,
    token: (now, lifetimeMs) => token ?? tokenOf(profile, now, lifetimeMs),
  };
}

function withoutSlash(url: string): string {
  if (!URL.canParse(url)) throw new CommandError('usage', `the gateway's address is no URL: ${JSON.stringify(url)}`);
  return url.replace(/\/+$/, '');
}

function tokenOf(profile: Profile, now: number, lifetimeMs: number): string {
  try {
    return bearerToken(profile, signingKey(profile.jwk), now, lifetimeMs);
  } catch (error) {
    if (!(error instanceof KeyFormatError)) throw error;
    throw new CommandError('identity', `the key of the profile cannot be used: ${error.message}: configure it again`);
  }
}
