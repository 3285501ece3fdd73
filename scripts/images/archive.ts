/**
 * Images as one archive: an OCI image layout that is a docker-archive too, so that `docker load`, `ctr images import`
 * and `kind load image-archive` all read it. No Docker and no base image is needed.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Image, type Layer, namesOf, PLATFORM } from './image.ts';
import { type TarEntry, tar } from './tar.ts';

const MEDIA = 'application/vnd.oci.image';

/** Writes the archive as a file; what was there is replaced when all is written. */
export async function writeArchive(images: readonly Image[], file: string): Promise<void> {
  const folder = await mkdtemp(join(dirname(file), 'images-'));
  try {
    await pipeline(imageArchive(images), createWriteStream(join(folder, 'archive')));
    await rename(join(folder, 'archive'), file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The archive's bytes. Layers that are `there` already, by their digests (`sha256:…`), are named in it but not carried:
 * containerd takes them from what it has. Docker does not, so such an archive is no docker-archive.
 */
export function imageArchive(
  images: readonly Image[],
  there: ReadonlySet<string> = new Set(),
): AsyncGenerator<Uint8Array> {
  const layers = new Map(images.flatMap((image) => image.layers.map((layer) => [layer.sha256, layer] as const)));
  const carried = [...layers.values()].filter(({ sha256 }) => !there.has(`sha256:${sha256}`));
  const isWhole = carried.length === layers.size;
  const manifests = images.map((image) => ({ image, bytes: manifestOf(image) }));
  return tar([
    fileOf('oci-layout', json({ imageLayoutVersion: '1.0.0' })),
    fileOf('index.json', indexOf(manifests)),
    ...(isWhole ? [fileOf('manifest.json', dockerManifest(images))] : []),
    ...manifests.flatMap(({ image, bytes }) => [blobOf(image.config), blobOf(bytes)]),
    ...carried.map(layerEntry),
  ]);
}

/** containerd takes the name from the annotation; it wants the registry that Docker leaves out. */
function indexOf(manifests: readonly { readonly image: Image; readonly bytes: Buffer }[]): Buffer {
  return json({
    schemaVersion: 2,
    mediaType: `${MEDIA}.index.v1+json`,
    manifests: manifests.flatMap(({ image, bytes }) =>
      namesOf(image).map((name) => ({
        ...descriptor(`${MEDIA}.manifest.v1+json`, bytes),
        platform: PLATFORM,
        annotations: {
          'io.containerd.image.name': `docker.io/${name}`,
          'org.opencontainers.image.ref.name': name.slice(name.lastIndexOf(':') + 1),
        },
      })),
    ),
  });
}

function manifestOf({ config, layers }: Image): Buffer {
  return json({
    schemaVersion: 2,
    mediaType: `${MEDIA}.manifest.v1+json`,
    config: descriptor(`${MEDIA}.config.v1+json`, config),
    layers: layers.map(({ sha256, bytes }) => ({
      mediaType: `${MEDIA}.layer.v1.tar`,
      digest: `sha256:${sha256}`,
      size: bytes,
    })),
  });
}

/** What `docker load` reads. */
function dockerManifest(images: readonly Image[]): Buffer {
  return json(
    images.map((image) => ({
      Config: blobPath(sha256Of(image.config)),
      RepoTags: namesOf(image),
      Layers: image.layers.map(({ sha256 }) => blobPath(sha256)),
    })),
  );
}

function descriptor(mediaType: string, bytes: Buffer) {
  return { mediaType, digest: `sha256:${sha256Of(bytes)}`, size: bytes.length };
}

function layerEntry({ sha256, bytes, entries }: Layer): TarEntry {
  return { kind: 'file', path: blobPath(sha256), mode: 0o644, source: { open: () => tar(entries), bytes } };
}

function blobOf(bytes: Buffer): TarEntry {
  return fileOf(blobPath(sha256Of(bytes)), bytes);
}

function fileOf(path: string, source: Buffer): TarEntry {
  return { kind: 'file', path, mode: 0o644, source };
}

function blobPath(sha256: string): string {
  return `blobs/sha256/${sha256}`;
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
