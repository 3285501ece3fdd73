/**
 * Fabric's manifests for one kind cluster: deploy/kind with the stores that were chosen and the images that were built.
 */
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { type Image, namesOf } from '../images/image.ts';
import type { Site } from './site.ts';
import { kustomizationOf } from './stores.ts';

export async function fabricManifests(site: Site, signal: AbortSignal): Promise<string> {
  if (!site.images || !site.stores) throw new TypeError('no images were built, or no stores chosen');
  const folder = join(site.folder, 'deploy');
  mkdirSync(folder, { recursive: true });
  const deploy = relative(realpathSync(folder), realpathSync(join(site.checkout, 'deploy')));
  const kustomization = kustomizationOf(site.checkout, deploy, site.stores);
  writeFileSync(join(folder, 'kustomization.yaml'), stringify(kustomization));
  const { stdout } = await site.run('kubectl', ['kustomize', folder], signal);
  return withImages(stdout, site.images.images);
}

/** Our images in the manifests, by the names of those that were made: the last of an image's names is its own. */
export function withImages(manifests: string, made: readonly Image[]): string {
  return made.reduce((text, image) => {
    const own = namesOf(image).at(-1) ?? image.reference;
    const name = own.slice(0, own.lastIndexOf(':'));
    return text.replaceAll(new RegExp(`(image: )${name}:\\S+`, 'g'), `$1${own}`);
  }, manifests);
}
