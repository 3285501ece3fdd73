/** A running `orrery up`: the program of the action's folder runs on this machine, under the image's name. */
import { isObject, jsonOrUndefined } from '../../../http/index.ts';
import { CommandError, usageError } from '../../errors.ts';
import { readDocument } from '../../input.ts';
import type { Surroundings } from '../../surroundings.ts';
import { commandOf } from '../dockerfile.ts';
import type { BuiltAction } from '../workspace.ts';
import type { Destination } from './destination.ts';

/** Of the ready file, what registers a program. */
interface ReadyFile {
  readonly controlUrl: string;
  /** The administrator's. */
  readonly token: string;
}

/** `file`: what `orrery up --ready-file` has written. A usage error when it is not that. */
export async function localPrograms(surroundings: Surroundings, file: string): Promise<Destination> {
  const ready = readyFileOf(await readDocument(surroundings, file));
  if (!ready) throw usageError(`${file} is no ready file: name the one that "orrery up --ready-file FILE" has written`);
  return {
    takesImages: false,
    async publish(action) {
      await register(surroundings, ready, action);
      return action.image;
    },
  };
}

/** undefined for a document that is no ready file. */
function readyFileOf({ control, kubernetes }: Readonly<Record<string, unknown>>): ReadyFile | undefined {
  const [url, token] = [isObject(control) && control.url, isObject(kubernetes) && kubernetes.token];
  const isReady = typeof url === 'string' && URL.canParse(url) && typeof token === 'string';
  return isReady ? { controlUrl: url, token } : undefined;
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

async function asked(surroundings: Surroundings, { controlUrl, token }: ReadyFile, image: object) {
  const { world, signal } = surroundings;
  try {
    const answer = await world.network.fetch(`${controlUrl}/images`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(image),
      signal,
    });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError('unreachable', `no orrery up answers at ${controlUrl} (${why}): start it, and try again`);
  }
}
