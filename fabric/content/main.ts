/** `node fabric/content/main.ts`: managed content as a program, its objects in a folder. */
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
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
import { openFolderBlobs } from './blobs/folder/folder.ts';
import { startContent } from './server.ts';

interface Flags extends CommonFlags, ListenFlags {
  readonly folder: string;
  readonly ttl?: Readonly<Record<string, number>>;
  readonly sweepInterval?: number;
}

const command = listenFlags(program('content', 'Managed content: files and logs of projects.'), '127.0.0.1:8081')
  .addOption(
    flag(
      '--folder <folder>',
      'where objects are stored, made when missing; one service a folder',
      'FABRIC_CONTENT_FOLDER',
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
      '--sweep-interval <seconds>',
      'how often expired objects are removed (60)',
      'FABRIC_SWEEP_INTERVAL',
      wholeNumber,
    ),
  )
  .action(async (flags: Flags) => {
    await run('content', flags, async (world) => {
      checkAddress(command, world, flags.listen, flags.insecureListen === true);
      return startContent({
        world,
        address: flags.listen,
        blobs: await openFolderBlobs({ world, folder: resolve(flags.folder) }),
        ttlSecondsByPrefix: flags.ttl,
        sweepIntervalMs: flags.sweepInterval === undefined ? undefined : flags.sweepInterval * 1000,
      });
    });
  });

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

await command.parseAsync();
