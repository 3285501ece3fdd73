/**
 * Puts images into the node's containerd. Of our own only those go that it does not have, and of these only the layers
 * that it does not have, straight into `ctr images import`: after a change of one source that is a hundredth of the
 * whole (decision 0011 has the figures).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findProgram } from '../../harness/environments/controlplane/parts.ts';
import { imageArchive } from '../images/archive.ts';
import { type Image, namesOf } from '../images/image.ts';
import { FeedError, feed } from './feed.ts';
import { nodeOf, type Site } from './site.ts';

/** kubelet's images and layers are in this namespace of containerd. */
const CTR = ['ctr', '--namespace=k8s.io'] as const;

/** `own` are made here, `pulled` are names that Docker has. Resolves with a word on what was sent. */
export async function loadIntoNode(
  site: Site,
  own: readonly Image[],
  pulled: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const [held, layers] = await Promise.all([
    lines(site, ['images', 'list', '--quiet'], signal),
    lines(site, ['content', 'list', '--quiet'], signal),
  ]);
  const isHeld = (reference: string) => held.has(fullName(reference));
  const missing = own.filter((image) => !namesOf(image).every(isHeld));
  const sent = missing.length > 0 ? [await sendOwn(site, missing, layers, signal)] : [];
  for (const reference of pulled.filter((each) => !isHeld(each))) {
    await feed(importInto(site), saved(reference, signal), signal);
    sent.push(reference);
  }
  return sent.length === 0 ? 'they are there' : sent.join(', ');
}

/** `there` are the digests of what the node has. */
async function sendOwn(
  site: Site,
  images: readonly Image[],
  there: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<string> {
  const layers = new Map(images.flatMap((image) => image.layers.map((layer) => [layer.sha256, layer.bytes] as const)));
  const missing = [...layers].filter(([sha256]) => !there.has(`sha256:${sha256}`));
  const isPart = missing.length < layers.size;
  const names = shownNames(images.map(({ reference }) => reference));
  try {
    await feed(importInto(site), imageArchive(images, there), signal);
    return `${names} (${megabytes(missing)} MB of ${megabytes([...layers])})`;
  } catch (error) {
    // What no image holds any more goes at any time.
    if (!isPart || !(error instanceof FeedError) || signal.aborted) throw error;
    await feed(importInto(site), imageArchive(images), signal);
    return `${names} (whole, since the node has let go of layers)`;
  }
}

/** Those of one tag together: `orrery/{operator,gateway}:dev-1, orrery/minio:dev-2`. */
export function shownNames(references: readonly string[]): string {
  const byTag = Map.groupBy(references, (reference) => reference.slice(reference.lastIndexOf(':')));
  const groups = [...byTag].map(([tag, those]) => {
    const [first = ''] = those;
    if (those.length === 1) return first;
    return `orrery/{${those.map((each) => each.slice(each.indexOf('/') + 1, -tag.length)).join(',')}}${tag}`;
  });
  return groups.join(', ');
}

function megabytes(layers: readonly (readonly [string, number])[]): number {
  return Math.ceil(layers.reduce((total, [, bytes]) => total + bytes, 0) / 1e6);
}

/** `--local`: the same through containerd's transfer service takes twice as long. */
function importInto(site: Site): readonly [string, ...string[]] {
  return [docker(), 'exec', '--interactive', nodeOf(site.wish.name), ...CTR, 'images', 'import', '--local', '-'];
}

async function* saved(reference: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const child = spawn(docker(), ['save', reference], { stdio: ['ignore', 'pipe', 'inherit'], signal });
  const ended = once(child, 'close') as Promise<[number | null]>;
  yield* child.stdout;
  const [status] = await ended;
  if (status !== 0) throw new Error(`docker save ${reference} ended with ${status}`);
}

/** What ctr lists, a name a line. */
async function lines(site: Site, parameters: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
  const { stdout } = await site.run('docker', ['exec', nodeOf(site.wish.name), ...CTR, ...parameters], signal);
  return new Set(stdout.split('\n').filter((line) => line !== ''));
}

/** As containerd has it: `mongo:8` is `docker.io/library/mongo:8`, and a name with a registry stays as it is. */
export function fullName(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  if (rest.length === 0) return `docker.io/library/${reference}`;
  return /[.:]|^localhost$/.test(first) ? reference : `docker.io/${reference}`;
}

function docker(): string {
  return findProgram('docker') ?? 'docker';
}
