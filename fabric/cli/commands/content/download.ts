/** `fabric content download`: to standard output, or into a file that is there when it is whole. */
import type { Command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { absolute } from '../../input.ts';
import { counted, progressOf } from '../../output/progress.ts';
import { pathOfKey } from './key.ts';

export const downloadContent: Command = {
  path: ['content', 'download'],
  summary: 'Download content to standard output, or into a file',
  parameters: [{ name: 'key', description: 'its key' }],
  options: [{ flags: '-o, --output <file>', description: 'file to write' }],
  async run(call) {
    const { surroundings, terminal } = call.context;
    const key = call.parameter(0);
    const gateway = await call.context.gateway();
    const answer = await gateway.open(pathOfKey(gateway, key), { about: `content ${key}` });
    const length = answer.headers.get('content-length');
    const progress = progressOf(terminal, key, length === null ? undefined : Number(length));
    const source = counted((answer.body ?? []) as AsyncIterable<Uint8Array>, progress);
    const file = call.text('output');
    try {
      if (file === undefined) for await (const chunk of source) await terminal.out(chunk);
      else await writeWhole(surroundings.world.files, absolute(surroundings, file), source);
    } catch (error) {
      if (error instanceof CommandError || surroundings.signal.aborted) throw error;
      const why =
        error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
      throw new CommandError('failed', `content ${key} came only in part: ${why}: download it again`);
    } finally {
      progress.end();
    }
  },
};

type Files = Parameters<Command['run']>[0]['context']['world']['files'];

/** Whoever looks at the file finds what was there before, or all of the new one. */
async function writeWhole(files: Files, path: string, source: AsyncIterable<Uint8Array>): Promise<void> {
  const draft = `${path}.part`;
  await files.remove(draft);
  const appender = await files.append(draft);
  try {
    for await (const chunk of source) await appender.write(chunk);
    await appender.close();
    await files.rename(draft, path);
  } catch (error) {
    await appender.close().catch(() => undefined);
    await files.remove(draft);
    throw error;
  }
}
