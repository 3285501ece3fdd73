/**
 * Puts images into the node's containerd. Of our own only those go that it does not have, and of these only the layers that it does not have, straight
 * into `ctr images import`: after a change of one source that is a hundredth of the whole (decision 0011 has the figures).
 */
import { spawn } from 'node:child_process';
import { findProgram } from '../../harness/environments/controlplane/parts.ts';
import { imageArchive } from '../images/archive.ts';
import type { Image } from '../images/image.ts';
import { feed } from './feed.ts';
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
  const held = await lines(site, ['images', 'list', '--quiet'], signal);
  const isHeld = (reference: string) => held.has(fullName(reference));
  const missing = own.filter(({ reference }) => !isHeld(reference));
  const sent = missing.length > 0 ? [await sendOwn(site, missing, signal)] : [];
  for (const reference of pulled.filter((each) => !isHeld(each))) {
    await feed(importInto(site), saved(reference, signal), signal);
    sent.push(reference);
  }
  return sent.length === 0 ? 'they are there' : sent.join(', ');
}

async function sendOwn(site: Site, images: readonly Image[], signal: AbortSignal): Promise<string> {
  const layers = await lines(site, ['content', 'list', '--quiet'], signal);
  await feed(importInto(site), imageArchive(images, layers), signal);
  const carried = new Map(images.flatMap((image) => image.layers.map((layer) => [layer.sha256, layer.bytes] as const)));
  for (const sha256 of carried.keys()) if (layers.has(`sha256:${sha256}`)) carried.delete(sha256);
  const bytes = [...carried.values()].reduce((total, each) => total + each, 0);
  return `${images.map(({ reference }) => reference).join(', ')} (${Math.ceil(bytes / 1e6)} MB)`;
}

function importInto(site: Site): readonly [string, ...string[]] {
  return [docker(), 'exec', '--interactive', nodeOf(site.wish.name), ...CTR, 'images', 'import', '-'];
}

async function* saved(reference: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const child = spawn(docker(), ['save', reference], { stdio: ['ignore', 'pipe', 'ignore'], signal });
  yield* child.stdout;
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
