/** `node fabric/content/main.ts`: managed content as a program, its objects in a folder or in a bucket of S3. */
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { makePrivateFolder } from '../../world/real/private.ts';
import type { World } from '../../world/world.ts';
import { type CredentialFlags, credentialFlag, credentialOf } from '../access-flags.ts';
import {
  type CommonFlags,
  checkAddress,
  flag,
  type ListenFlags,
  listenFlags,
  program,
  run,
  wholeNumber,
} from '../program.ts';
import type { Blobs } from './blobs/blobs.ts';
import { openFolderBlobs } from './blobs/folder/folder.ts';
import { parseQuotas } from './quotas/parse.ts';
import type { Quotas } from './quotas/quota-blobs.ts';
import { startContent } from './server.ts';

interface Flags extends CommonFlags, ListenFlags, CredentialFlags {
  readonly blobs: string;
  readonly ttl?: Readonly<Record<string, number>>;
  readonly quota?: Quotas;
  readonly sweepInterval?: number;
}

const command = credentialFlag(
  listenFlags(program('content', 'Managed content: files and logs of projects.'), '127.0.0.1:8081'),
)
  .addOption(
    flag(
      '--blobs <folder or url>',
      'where objects are stored, one service a place: a folder, made when missing, or s3://KEY:SECRET@host:port/bucket',
      'FABRIC_BLOBS',
    ).makeOptionMandatory(),
  )
  .addOption(
    flag(
      '--ttl <prefix=seconds,...>',
      'time to live by the beginning of the key, such as tasks/=2592000',
      'FABRIC_CONTENT_TTL',
      lifetimes,
    ),
  )
  .addOption(
    flag(
      '--quota <size,project=size,...>',
      'how much content a project may hold, such as 10GB or 10GB,proj1=500GB; uploads beyond it are answered 507',
      'FABRIC_CONTENT_QUOTA',
      quotas,
    ),
  )
  .addOption(
    flag(
      '--sweep-interval <seconds>',
      'how often expired objects are removed (60)',
      'FABRIC_SWEEP_INTERVAL',
      wholeNumber,
    ),
  )
  .action(async (flags: Flags) => {
    await run('content', flags, async (world) => {
      const credential = await credentialOf(world, flags);
      if (credential === undefined) checkAddress(command, world, flags.listen, flags.insecureListen === true);
      return startContent({
        world,
        address: flags.listen,
        hosts: flags.allowHost,
        credential,
        blobs: await openBlobs(world, flags.blobs),
        ttlSecondsByPrefix: flags.ttl,
        quotas: flags.quota,
        sweepIntervalMs: flags.sweepInterval === undefined ? undefined : flags.sweepInterval * 1000,
      });
    });
  });

/**
 * The client of S3 is loaded only where it is used. Credentials may come from the environment, so that no process list
 * shows them.
 */
async function openBlobs(world: World, where: string): Promise<Blobs> {
  if (!where.startsWith('s3://')) {
    makePrivateFolder(resolve(where));
    return openFolderBlobs({ world, folder: resolve(where) });
  }
  const { parseBucketAddress } = await import('./blobs/s3/address.ts');
  const { openS3Blobs } = await import('./blobs/s3/s3.ts');
  const { FABRIC_S3_ACCESS_KEY: accessKey, FABRIC_S3_SECRET_KEY: secretKey } = process.env;
  return openS3Blobs({ world, address: parseBucketAddress(where, { accessKey, secretKey }) });
}

function lifetimes(text: string): Record<string, number> {
  return Object.fromEntries(
    text.split(',').map((entry) => {
      const [, prefix, seconds] = /^([^=]*)=([1-9]\d{0,11})$/.exec(entry.trim()) ?? [];
      if (prefix === undefined) {
        throw new InvalidArgumentError('Write prefix=seconds, several with commas: tasks/=2592000,tmp/=3600.');
      }
      return [prefix, Number(seconds)];
    }),
  );
}

function quotas(text: string): Quotas {
  const parsed = parseQuotas(text);
  if (parsed) return parsed;
  throw new InvalidArgumentError('Write a size, or project=size, several with commas: 10GB,proj1=500GB.');
}

await command.parseAsync();
