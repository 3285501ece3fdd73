/** Flags that say who may come in, and their files. Files hold keys and secrets, so that no process list shows them. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { World } from '../world/world.ts';
import type { Access } from './gateway/access/access.ts';
import { parseCredential } from './identity/internal-credential.ts';
import { signingKey } from './identity/key.ts';
import { defaultAudience, defaultIssuer } from './identity/personal-access-token.ts';
import { usersOfFile } from './identity/user-directory.ts';
import { flag } from './program.ts';

export interface CredentialFlags {
  readonly credential?: string;
}

export interface AccessFlags extends CredentialFlags {
  readonly users?: string;
  readonly signingKey?: string;
  readonly issuer: string;
  readonly audience: string;
}

/** `--credential`. */
export function credentialFlag(command: Command): Command {
  return command.addOption(
    flag(
      '--credential <file>',
      'the secret that operator, gateway and content show each other: one line of 16 characters or more',
      'FABRIC_CREDENTIAL_FILE',
    ),
  );
}

/** The flags of the gateway. */
export function accessFlags(command: Command): Command {
  return credentialFlag(command)
    .addOption(
      flag(
        '--users <file>',
        'users, their keys and projects, as JSON; read again when it changes',
        'FABRIC_USERS_FILE',
      ),
    )
    .addOption(
      flag(
        '--signing-key <file>',
        'the gateway’s own Ed25519 key as a private JWK: signs the tokens of jobs and daemons',
        'FABRIC_SIGNING_KEY_FILE',
      ),
    )
    .addOption(flag('--issuer <name>', 'claim iss of every token', 'FABRIC_ISSUER').default(defaultIssuer))
    .addOption(flag('--audience <name>', 'claim aud of every token', 'FABRIC_AUDIENCE').default(defaultAudience));
}

/** The credential of a file; undefined when none is named. Throws CredentialError or FileNotFoundError. */
export async function credentialOf(world: World, flags: CredentialFlags): Promise<string | undefined> {
  return flags.credential === undefined ? undefined : parseCredential(await textOf(world, flags.credential));
}

/** Who may come in; undefined when no flag says it: then everybody. All three files, or none. */
export async function accessOf(world: World, flags: AccessFlags): Promise<Access | undefined> {
  const { users, signingKey: keyFile, issuer, audience } = flags;
  const credential = await credentialOf(world, flags);
  if (users === undefined && keyFile === undefined && credential === undefined) return undefined;
  if (users === undefined || keyFile === undefined || credential === undefined) {
    throw new Error('--users, --signing-key and --credential belong together: give all three, or none of them');
  }
  return {
    users: await usersOfFile(world, resolve(users)),
    own: signingKey(JSON.parse(await textOf(world, keyFile))),
    issuer,
    audience,
    credential,
  };
}

async function textOf(world: World, file: string): Promise<string> {
  return (await world.files.read(resolve(file))).toString('utf8');
}
