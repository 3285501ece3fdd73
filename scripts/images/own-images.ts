/**
 * Our four images of the bundles that `bundleImages` made: each its bundle above the running Node.js, which they share.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { baseEntries, foldersOf } from './base.ts';
import { bundleFiles } from './bundle.ts';
import { APP, ENTRYPOINT, healthCheckOf, type ImageContents, imageName, images, USER } from './contents.ts';
import { type Image, imageOf, layerOf, tagOf } from './image.ts';
import type { TarEntry } from './tar.ts';

export interface OwnImages {
  /** The same for all of them; a hash of what is in them, unless it was given. */
  readonly tag: string;
  readonly images: readonly Image[];
}

export async function ownImages(bundles: string, wanted?: string): Promise<OwnImages> {
  const base = await layerOf(baseEntries());
  const layers = await Promise.all(images.map((image) => layerOf(appEntries(bundles, image))));
  const tag = wanted ?? tagOf([base, ...layers]);
  const made = images.map((image, index) => {
    const own = layers.slice(index, index + 1);
    return imageOf(imageName(image, tag), settingsOf(image), [base, ...own]);
  });
  return { tag, images: made };
}

function settingsOf(image: ImageContents) {
  return {
    user: USER,
    environment: ['PATH=/usr/local/bin', 'NODE_ENV=production'],
    entrypoint: ENTRYPOINT,
    port: image.port,
    healthCheck: healthCheckOf(image),
  };
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
