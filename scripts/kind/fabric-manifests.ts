/** Fabric's manifests for one kind cluster: deploy/kind with the stores that were chosen and the tag of the images that were built. */
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { imageName, images } from '../images/contents.ts';
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
  return withTag(stdout, site.images.tag);
}

/** Our images in the manifests, with another tag. */
export function withTag(manifests: string, tag: string): string {
  return images.reduce(
    (text, image) =>
      text.replaceAll(new RegExp(`(image: )orrery/${image.name}:\\S+`, 'g'), `$1${imageName(image, tag)}`),
    manifests,
  );
}
