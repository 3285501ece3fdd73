/** `fabric content upload`: a file, standard input, or a folder with all that is in it. Nothing is held in memory. */
import type { Command, CommandCall } from '../../command.ts';
import { CommandError, usageError } from '../../errors.ts';
import type { GatewayClient } from '../../gateway/client.ts';
import { absolute } from '../../input.ts';
import { counted, progressOf } from '../../output/progress.ts';
import { printLine } from '../../terminal.ts';
import { pathOfKey, withoutSlashes } from './key.ts';

const atOnce = 10;
const typeDefault = 'application/octet-stream';

export const uploadContent: Command = {
  path: ['content', 'upload'],
  summary: 'Upload a file, or with -r a folder',
  parameters: [
    { name: 'key', description: 'key of the object; with -r what the keys of all begin with' },
    { name: 'file', description: 'file or folder; - is standard input' },
  ],
  options: [
    { flags: '--content-type <type>', description: `type of the object (${typeDefault})` },
    { flags: '--ttl <seconds>', description: 'how long it is kept' },
    { flags: '-r, --recursive', description: 'a folder with all that is in it, ten files at a time' },
    { flags: '--test', description: 'only say what would be uploaded' },
  ],
  async run(call) {
    const { surroundings, terminal } = call.context;
    const [key, name] = [call.parameter(0), call.parameter(1)];
    call.count('ttl', 1);
    const uploads = call.isOn('recursive')
      ? await filesIn(call, withoutSlashes(key), name)
      : [{ key, name, path: name === '-' ? undefined : absolute(surroundings, name) }];
    if (call.isOn('test')) {
      for (const each of uploads) await printLine(terminal, `${each.name} -> ${each.key}`);
      return;
    }
    const gateway = await call.context.gateway();
    await inTurns(uploads, (each) => upload(call, gateway, each));
  },
};

interface Upload {
  readonly key: string;
  /** As the user has written it. */
  readonly name: string;
  /** Absolute; undefined for standard input. */
  readonly path: string | undefined;
}

async function upload(call: CommandCall, gateway: GatewayClient, { key, name, path }: Upload): Promise<void> {
  const { surroundings, terminal } = call.context;
  const { files } = surroundings.world;
  const status = path === undefined ? undefined : await files.status(path);
  if (path !== undefined && status?.kind !== 'file') {
    throw usageError(status ? `${name} is a folder: upload it by -r` : `there is no file ${name}`);
  }
  const source = path === undefined ? surroundings.input() : files.readStream(path);
  const progress = progressOf(terminal, name, status?.sizeBytes);
  const ttl = call.text('ttl');
  try {
    await gateway.json(pathOfKey(gateway, key), {
      method: 'POST',
      stream: counted(source, progress),
      headers: {
        'content-type': call.text('contentType') ?? typeDefault,
        ...(ttl === undefined ? {} : { 'x-content-ttl': ttl }),
      },
      about: `upload of ${name}`,
    });
  } finally {
    progress.end();
  }
  await printLine(terminal, `Uploaded ${name} as ${withoutSlashes(key)}`);
}

async function filesIn(call: CommandCall, prefix: string, folder: string): Promise<Upload[]> {
  const { surroundings } = call.context;
  const { files } = surroundings.world;
  const root = absolute(surroundings, folder);
  if ((await files.status(root))?.kind !== 'folder')
    throw usageError(`${folder} is no folder: leave -r out for a file`);
  const found: Upload[] = [];
  const walk = async (inside: string): Promise<void> => {
    for (const entry of await files.list(inside === '' ? root : `${root}/${inside}`)) {
      const relative = inside === '' ? entry : `${inside}/${entry}`;
      const path = `${root}/${relative}`;
      if ((await files.status(path))?.kind === 'folder') await walk(relative);
      else
        found.push({
          key: `${prefix.replace(/\/+$/, '')}/${relative}`,
          name: `${folder.replace(/\/+$/, '')}/${relative}`,
          path,
        });
    }
  };
  await walk('');
  return found;
}

/** All are tried; the first that failed is told at the end, and how many. */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) {
      await work(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  const [first] = failures;
  if (first === undefined) return;
  if (failures.length === 1 || !(first instanceof CommandError)) throw first;
  throw new CommandError(
    first.reason,
    `${failures.length} of ${items.length} files failed; the first: ${first.message}`,
  );
}
