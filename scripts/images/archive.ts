/**
 * All images as one docker-archive (what `docker save` writes; `docker load`, `ctr images import` and `kind load image-archive` read it). No Docker and no
 * base image is needed. The layers are not compressed: who loads them would only have to undo it.
 */
import { createHash } from 'node:crypto';
import { createWriteStream, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { arch } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { baseEntries, foldersOf } from './base.ts';
import { bundleFiles } from './bundle.ts';
import { APP, ENTRYPOINT, healthCheckOf, type ImageContents, imageName, images, USER } from './contents.ts';
import { type TarEntry, tar } from './tar.ts';

export interface Archive {
  readonly file: string;
  /** Of all that is in the images: the same contents, the same tag. */
  readonly tag: string;
}

interface Layer {
  readonly digest: string;
  readonly file: string;
}

const SECOND_NANOSECONDS = 1_000_000_000;
/** One date for everything: the same files make the same images. */
const CREATED = '2026-01-01T00:00:00Z';
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Writes the archive of the bundles that `bundleImages` made. The tag is `dev-` and a hash, unless given. */
export async function writeArchive(bundles: string, file: string, wanted?: string): Promise<Archive> {
  const folder = await mkdtemp(join(dirname(file), 'images-'));
  try {
    const base = await writeLayer(folder, baseEntries());
    const layers = new Map<ImageContents, Layer>();
    for (const image of images) layers.set(image, await writeLayer(folder, appEntries(bundles, image)));
    const tag = wanted ?? `dev-${tagOf([base, ...layers.values()])}`;
    const entries = images.flatMap((image) => imageEntries(image, tag, base, layers.get(image) as Layer));
    const index = manifest(entries.map(({ line }) => line));
    const configurations = entries.map(({ config }) => config);
    const blobs = [base, ...layers.values()].map(layerEntry);
    await pipeline(tar([index, ...configurations, ...blobs]), createWriteStream(join(folder, 'archive')));
    await rename(join(folder, 'archive'), file);
    return { file, tag };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeLayer(folder: string, entries: readonly TarEntry[]): Promise<Layer> {
  const hash = createHash('sha256');
  const unfinished = join(folder, 'layer');
  await pipeline(
    tar(entries),
    async function* hashed(chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(unfinished),
  );
  const digest = hash.digest('hex');
  const file = join(folder, `${digest}.tar`);
  await rename(unfinished, file);
  return { digest, file };
}

function appEntries(bundles: string, image: ImageContents): TarEntry[] {
  const app = APP.slice(1);
  const files = bundleFiles(bundles, image).map(
    (path): TarEntry => ({
      kind: 'file',
      path: `${app}/${basename(path)}`,
      mode: 0o644,
      source: readFileSync(path),
    }),
  );
  const owner = Number(USER.split(':')[0]);
  const writable = image.writes.map((path): TarEntry => ({ kind: 'folder', path: path.slice(1), mode: 0o755, owner }));
  return [...foldersOf(files), ...writable, ...files];
}

/** An image's configuration as a file of the archive, and its line of the manifest. */
function imageEntries(image: ImageContents, tag: string, base: Layer, app: Layer) {
  const layers = [base, app];
  const config = Buffer.from(
    JSON.stringify({
      architecture: ARCHITECTURES[arch()] ?? arch(),
      os: 'linux',
      created: CREATED,
      config: settingsOf(image),
      rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => `sha256:${digest}`) },
      history: layers.map(() => ({ created: CREATED })),
    }),
  );
  const path = `${createHash('sha256').update(config).digest('hex')}.json`;
  const line = {
    Config: path,
    RepoTags: [imageName(image, tag)],
    Layers: layers.map(({ digest }) => `${digest}.tar`),
  };
  return [{ line, config: { kind: 'file', path, mode: 0o644, source: config } as const }];
}

/** What the Dockerfile says by USER, ENTRYPOINT, EXPOSE and HEALTHCHECK (`config` of the OCI image specification; Docker's own `Healthcheck`). */
function settingsOf(image: ImageContents) {
  const check = healthCheckOf(image);
  return {
    User: USER,
    WorkingDir: '/',
    Env: ['PATH=/usr/local/bin', 'NODE_ENV=production'],
    Entrypoint: ENTRYPOINT,
    ...(image.port === undefined ? {} : { ExposedPorts: { [`${image.port}/tcp`]: {} } }),
    ...(check && {
      Healthcheck: { Test: ['CMD', ...check], Interval: 30 * SECOND_NANOSECONDS, Timeout: 6 * SECOND_NANOSECONDS },
    }),
  };
}

function manifest(lines: readonly unknown[]): TarEntry {
  return { kind: 'file', path: 'manifest.json', mode: 0o644, source: Buffer.from(JSON.stringify(lines)) };
}

function layerEntry({ digest, file }: Layer): TarEntry {
  return { kind: 'file', path: `${digest}.tar`, mode: 0o644, source: { file, bytes: statSync(file).size } };
}

function tagOf(layers: readonly Layer[]): string {
  const hash = createHash('sha256');
  for (const { digest } of layers) hash.update(digest);
  return hash.digest('hex').slice(0, 12);
}
