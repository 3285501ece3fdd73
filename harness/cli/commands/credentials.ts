/**
 * `orrery credentials`: what a Fabric on a cluster of one's own needs to know its users, and the file for the first of
 * them.
 */
import { Command } from 'commander';
import { stringify } from 'yaml';
import { realRandom } from '../../../world/real/random.ts';
import { identityOf, newSecrets } from '../../environments/identity.ts';
import { secretsOf } from '../../environments/identity-secrets.ts';
import { OutputFile } from '../output-file.ts';

interface CredentialsFlags {
  readonly username: string;
  readonly projects: readonly string[];
  readonly url: string;
  readonly namespace: string;
  readonly tokenFile: string;
}

export function credentialsCommand(): Command {
  return new Command('credentials')
    .description(
      'print the Secrets that deploy/base mounts (kubectl apply -f -), and write the first user’s token file',
    )
    .requiredOption('--username <name>', 'of the user: an e-mail address, or any other name')
    .requiredOption('--url <url>', 'of the gateway, as this user reaches it')
    .requiredOption('--token-file <file>', 'where the personal access token file is written (mode 600)')
    .option('--projects <a,b>', 'that the user may see; * for all', (text) => text.split(','), ['*'])
    .option('--namespace <name>', 'of Fabric', 'fabric')
    .action((flags: CredentialsFlags) => {
      const identity = identityOf(newSecrets(realRandom, flags.username), flags.projects);
      const token = identity.personalAccessToken(flags.url.replace(/\/+$/, ''));
      OutputFile.open('--token-file', flags.tokenFile, 0o600).write(`${JSON.stringify(token, null, 2)}\n`);
      for (const { metadata, ...secret } of secretsOf(identity)) {
        const placed = { ...secret, metadata: { ...metadata, namespace: flags.namespace } };
        process.stdout.write(`---\n${stringify(placed)}`);
      }
    });
}
