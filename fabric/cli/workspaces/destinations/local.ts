/** A running `orrery up`: the program of the action's folder runs on this machine, under the image's name. */
import { z } from 'zod';
import { isObject, jsonOrUndefined } from '../../../http/index.ts';
import { CommandError, usageError } from '../../errors.ts';
import { readDocument } from '../../input.ts';
import type { Surroundings } from '../../surroundings.ts';
import { commandOf } from '../dockerfile.ts';
import type { BuiltAction } from '../workspace.ts';
import type { Destination } from './destination.ts';

/** Of the ready file, what registers a program. */
const readyFile = z.object({ control: z.object({ url: z.url() }), kubernetes: z.object({ token: z.string() }) });
type ReadyFile = z.infer<typeof readyFile>;

/** `file`: what `orrery up --ready-file` has written. A usage error when it is not that. */
export async function localPrograms(surroundings: Surroundings, file: string): Promise<Destination> {
  const { success, data } = readyFile.safeParse(await readDocument(surroundings, file));
  if (!success)
    throw usageError(`${file} is no ready file: name the one that "orrery up --ready-file FILE" has written`);
  return {
    takesImages: false,
    async publish(action) {
      await register(surroundings, data, action);
      return action.image;
    },
  };
}

async function register(surroundings: Surroundings, ready: ReadyFile, action: BuiltAction): Promise<void> {
  const { image, folder } = action;
  const dockerfile = `${folder}/Dockerfile`;
  const command = commandOf((await surroundings.world.files.read(dockerfile)).toString('utf8'));
  if (!command) throw usageError(`${dockerfile} says nothing to run: it needs an ENTRYPOINT or a CMD`);
  const answer = await asked(surroundings, ready, { image, command, folder });
  if (answer.status < 300) return;
  const body = jsonOrUndefined(answer.text);
  const message = isObject(body) && typeof body.message === 'string' ? body.message : `it answered ${answer.status}`;
  throw new CommandError('failed', `orrery up does not take the program of ${image}: ${message}`);
}

async function asked(surroundings: Surroundings, { control, kubernetes }: ReadyFile, image: object) {
  const { world, signal } = surroundings;
  try {
    const answer = await world.network.fetch(`${control.url}/images`, {
      method: 'POST',
      headers: { authorization: `Bearer ${kubernetes.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(image),
      signal,
    });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError('unreachable', `no orrery up answers at ${control.url} (${why}): start it, and try again`);
  }
}
