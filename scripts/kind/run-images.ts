/**
 * Images of the sources as they are now, in a cluster that is up: scenarios deploy them there, and would else judge
 * those of the last `kind:up`.
 */
import { type KindCluster, writeCluster } from '../../harness/environments/kind/state.ts';
import { siteFor } from './site.ts';
import { take } from './step.ts';
import { findPrograms } from './steps/find-programs.ts';
import { buildImages, loadImages } from './steps/load-images.ts';

/** What is deployed there already stays as it is. Rejects with StepFailedError. */
export async function renewImages(cluster: KindCluster, print: (line: string) => void): Promise<void> {
  const site = siteFor({ name: cluster.name, host: true, retain: true });
  site.isThere = true;
  await take([findPrograms, buildImages, loadImages], site, print);
  if (!site.images) throw new TypeError('no images were built');
  writeCluster({ ...cluster, tag: site.images.tag });
}
