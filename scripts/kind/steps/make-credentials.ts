/**
 * What the services know each other and their user by. Kept in the cluster's folder, so that a user stays one when
 * `kind:up` runs again.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type IdentitySecrets, identityOf, newSecrets } from '../../../harness/environments/identity.ts';
import { secretsOf } from '../../../harness/environments/identity-secrets.ts';
import { writePrivateFile } from '../../../world/real/private.ts';
import { realRandom } from '../../../world/real/random.ts';
import type { Site } from '../site.ts';
import type { Step } from '../step.ts';

const NAMESPACE = 'fabric';

export const makeCredentials: Step = {
  name: 'make a user and the services’ credentials',
  deadlineMs: 60_000,
  remedy: 'look at them: kubectl -n fabric get secrets fabric-services fabric-users',
  async run(site, signal) {
    const identity = identityOf(secretsIn(site.folder));
    const token = identity.personalAccessToken(`http://127.0.0.1:${site.ports?.gateway}`);
    writePrivateFile(tokenFileOf(site.folder), `${JSON.stringify(token, null, 2)}\n`);
    const secrets = secretsOf(identity).map((secret) => stringify(secret));
    await site.run('kubectl', ['apply', '-f', join(site.checkout, 'deploy/base/namespace.yaml')], signal);
    await site.run('kubectl', ['-n', NAMESPACE, 'apply', '-f', '-'], signal, secrets.join('---\n'));
    return identity.username;
  },
};

/** The user's personal access token in the folder of a cluster. */
export function tokenFileOf(folder: string): string {
  return join(folder, 'token.json');
}

function secretsIn(folder: Site['folder']): IdentitySecrets {
  const file = join(folder, 'identity.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as IdentitySecrets;
  const secrets = newSecrets(realRandom);
  writePrivateFile(file, JSON.stringify(secrets));
  return secrets;
}
