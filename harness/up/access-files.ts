/**
 * The files by which a running Fabric is used: the user's personal access token, and what services of one's own are
 * started with.
 */
import { join } from 'node:path';
import { makePrivateFolder, writePrivateFile } from '../../world/real/private.ts';
import type { FabricIdentity } from '../environments/identity.ts';

export interface AccessFiles {
  /** The user's, for the field's clients. */
  readonly tokenFile: string;
  /** `--credential` of the services. */
  readonly credentialFile: string;
  /** `--users` of the gateway. */
  readonly usersFile: string;
  /** `--signing-key` of the gateway. */
  readonly signingKeyFile: string;
}

/** Writes them into a folder of their own, for nobody else to read. */
export function writeAccessFiles(folder: string, identity: FabricIdentity, gatewayUrl: string): AccessFiles {
  makePrivateFolder(folder);
  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writePrivateFile(file, text);
    return file;
  };
  return {
    tokenFile: write('token.json', `${JSON.stringify(identity.personalAccessToken(gatewayUrl), null, 2)}\n`),
    credentialFile: write('credential', `${identity.credential}\n`),
    usersFile: write('users.json', identity.usersFile),
    signingKeyFile: write('signing-key.json', `${JSON.stringify(identity.own.jwk)}\n`),
  };
}
