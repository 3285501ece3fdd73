/**
 * The file of profiles (contract 1.2): each is a personal access token and a default project. It holds private keys, so
 * only its owner may read it. Ours is `~/.fabric/config`; while there is none, that of the field's own command line is
 * read, and never written.
 */
import { isTokenFile, type PersonalAccessToken } from '../../identity/personal-access-token.ts';
import { CommandError, usageError } from '../errors.ts';
import type { Surroundings } from '../surroundings.ts';

export interface Profile extends PersonalAccessToken {
  readonly project?: string | undefined;
}

export interface Profiles {
  readonly currentProfile: string;
  readonly profiles: Readonly<Record<string, Profile>>;
}

type Place = Pick<Surroundings, 'environment' | 'homeFolder' | 'world'>;

const version = '5';
const none: Profiles = { currentProfile: 'default', profiles: {} };

/** The path of our own file. */
export function profilesFile({ environment, homeFolder }: Pick<Place, 'environment' | 'homeFolder'>): string {
  return `${environment.FABRIC_CONFIG_DIR || `${homeFolder}/.fabric`}/config`;
}

/** Those of our own file, else of the field's. A usage error when the file is no file of profiles. */
export async function readProfiles(place: Place): Promise<Profiles> {
  const theirs = `${place.environment.CORTEX_CONFIG_DIR || `${place.homeFolder}/.cortex`}/config`;
  for (const file of [profilesFile(place), theirs]) {
    if (await place.world.files.status(file)) return parsedProfiles(file, await place.world.files.read(file));
  }
  return none;
}

export async function writeProfiles(place: Place, profiles: Profiles): Promise<void> {
  const file = profilesFile(place);
  await place.world.files.write(file, `${JSON.stringify({ version, ...profiles }, null, 2)}\n`);
}

/** The named profile, else the current one. CommandError when it is not there. */
export function profileOf({ currentProfile, profiles }: Profiles, name: string | undefined): Profile {
  const wanted = name ?? currentProfile;
  const found = Object.hasOwn(profiles, wanted) ? profiles[wanted] : undefined;
  if (found) return found;
  const names = Object.keys(profiles);
  const known = names.length === 0 ? 'there is none yet' : `there are ${names.join(', ')}`;
  throw new CommandError(
    'identity',
    `no profile ${JSON.stringify(wanted)} (${known}): make one with "fabric configure --file token.json --project PROJECT"`,
  );
}

/** The document of a personal access token. A usage error that names the file. */
export async function readTokenDocument({ world }: Pick<Place, 'world'>, file: string): Promise<PersonalAccessToken> {
  const value = parsed(file, await read(world, file));
  if (!isTokenFile(value)) {
    throw usageError(`${file} is no personal access token: it must have url, username, issuer, audience and jwk`);
  }
  const { url, username, issuer, audience, jwk } = value;
  return { url: url.replace(/\/+$/, ''), username, issuer, audience, jwk };
}

function parsedProfiles(file: string, bytes: Buffer): Profiles {
  const value = parsed(file, bytes);
  const { currentProfile = 'default', profiles = {} } = (value ?? {}) as Partial<Profiles>;
  const isWrong = typeof currentProfile !== 'string' || typeof profiles !== 'object' || profiles === null;
  if (isWrong || !Object.values(profiles).every(isTokenFile)) {
    throw usageError(`${file} is no file of profiles: remove it, and run "fabric configure" again`);
  }
  return { currentProfile, profiles };
}

function parsed(file: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw usageError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function read(world: Place['world'], file: string): Promise<Buffer> {
  return world.files.read(file).catch((error: unknown) => {
    throw usageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
}
