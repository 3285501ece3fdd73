/**
 * Where the deployed Fabric keeps records and content: in MongoDB and MinIO in the cluster where their images can be
 * had, else embedded in its services. Each store is decided by itself, in this order: the ordinary image, which Docker
 * has or can pull; an image made of a program of this machine; none.
 */

import { findProgram } from '../../../harness/environments/controlplane/parts.ts';
import type { ClusterStores, StoreName } from '../../../harness/environments/kind/state.ts';
import { readCluster, storeNames } from '../../../harness/environments/kind/state.ts';
import type { Image } from '../../images/image.ts';
import { storeImage } from '../../images/store-images.ts';
import type { Site } from '../site.ts';
import { RemediedError, type Step } from '../step.ts';
import { ordinaryImage, storeFacts } from '../stores.ts';

/** A registry that is reached answers at once; one behind a firewall never does. */
const SILENCE_DEADLINE_MS = 15_000;
const PULL_DEADLINE_MS = 240_000;

/** What was found for a store: an image that Docker has, one that was made here, or neither; and how that came. */
export interface Found {
  readonly pulled?: string;
  readonly made?: Image;
  readonly why: string;
}

export const chooseStores: Step = {
  name: 'choose where records and content are kept',
  deadlineMs: 270_000,
  remedy: 'see that `docker pull` works, or keep them embedded: --stores embedded',
  async run(site, signal) {
    const { wish } = site;
    const held = site.isThere ? readCluster(wish.name)?.stores : undefined;
    site.stores = held;
    if (wish.host) return 'on this machine, in a folder';
    if (wish.stores === 'embedded') {
      site.stores = {};
      return `as wished: ${placesOf({})}`;
    }
    if (held !== undefined && wish.stores === undefined) return `as before: ${placesOf(held)}`;
    const found = await Promise.all(storeNames.map((store) => find(site, store, signal)));
    if (wish.stores === 'cluster') found.forEach(refuseNone);
    take(site, found);
    return storeNames.map((store, index) => wordsOf(store, found[index])).join('; ');
  },
};

async function find(site: Site, store: StoreName, signal: AbortSignal): Promise<Found> {
  const image = ordinaryImage(site.checkout, store);
  const { program } = storeFacts[store];
  if (await has(site, image, signal)) return { pulled: image, why: 'Docker has it' };
  const refusal = await pull(site, image, signal);
  if (refusal === undefined) return { pulled: image, why: 'pulled' };
  const path = findProgram(program);
  if (path === undefined)
    return { why: `${image} ${refusal}, and there is no ${program} on the PATH or in $ORRERY_PARTS/bin` };
  return { made: await storeImage(program, path), why: `made of the program; ${image} ${refusal}` };
}

async function has(site: Site, image: string, signal: AbortSignal): Promise<boolean> {
  const { exitCode } = await site.run('docker', ['image', 'inspect', '--format', '{{.Id}}', image], signal).nothrow();
  return exitCode === 0;
}

/** Why it cannot be pulled; undefined when it was. */
async function pull(site: Site, image: string, signal: AbortSignal): Promise<string | undefined> {
  const silence = new AbortController();
  const deadline = AbortSignal.timeout(PULL_DEADLINE_MS);
  const pulling = site.run('docker', ['pull', image], AbortSignal.any([signal, deadline, silence.signal])).nothrow();
  const timer = setTimeout(() => silence.abort(), SILENCE_DEADLINE_MS);
  pulling.stdout.once('data', () => clearTimeout(timer));
  const { exitCode, stderr } = await pulling.finally(() => clearTimeout(timer));
  signal.throwIfAborted();
  if (exitCode === 0) return undefined;
  if (silence.signal.aborted) return `cannot be pulled (no answer within ${SILENCE_DEADLINE_MS / 1000} s)`;
  if (deadline.aborted) return `was not pulled within ${PULL_DEADLINE_MS / 1000} s (what came is kept)`;
  return `cannot be pulled (${lastWords(stderr)})`;
}

/** Of `Error response from daemon: Get "https://…": dial tcp: lookup …: no such host` the end says what is wrong. */
function lastWords(stderr: string): string {
  return (stderr.trim().split('\n').at(-1) ?? '').split(': ').slice(-1).join(': ');
}

function refuseNone({ pulled, made, why }: Found): void {
  if (pulled !== undefined || made !== undefined) return;
  throw new RemediedError(why, 'pull the image by hand, put the program there, or leave --stores cluster out');
}

function take(site: Site, found: readonly Found[]): void {
  const images = storeNames.flatMap((store, index) => {
    const image = found[index]?.pulled ?? found[index]?.made?.reference;
    return image === undefined ? [] : [[store, image] as const];
  });
  site.stores = Object.fromEntries(images) as ClusterStores;
  site.pulledImages = found.flatMap(({ pulled }) => pulled ?? []);
  site.storeImages = found.flatMap(({ made }) => made ?? []);
}

function wordsOf(store: StoreName, found: Found | undefined): string {
  const image = found?.pulled ?? found?.made?.reference;
  return `${storeFacts[store].keeps} in ${image ?? storeFacts[store].embedded} (${found?.why})`;
}

function placesOf(stores: ClusterStores): string {
  return storeNames
    .map((store) => `${storeFacts[store].keeps} in ${stores[store] ?? storeFacts[store].embedded}`)
    .join(', ');
}
