/** Our images: bundled, packed with the running Node.js, and loaded into the node. */
import { join } from 'node:path';
import { readCluster } from '../../../harness/environments/kind/state.ts';
import { writeArchive } from '../../images/archive.ts';
import { bundleImages } from '../../images/bundle.ts';
import type { Step } from '../step.ts';

export const buildImages: Step = {
  name: 'build the images',
  deadlineMs: 120_000,
  remedy: 'try `npm run images` alone',
  async run(site) {
    // Not in the checkout: other clusters may come up at the same time.
    const bundles = join(site.folder, 'bundles');
    await bundleImages(site.checkout, bundles);
    site.archive = await writeArchive(bundles, join(site.folder, 'images.tar'));
    return site.archive.tag;
  },
};

export const loadImages: Step = {
  name: 'load the images',
  deadlineMs: 120_000,
  remedy: 'see whether the disk is full: docker system df',
  async run(site, signal) {
    const { archive, wish } = site;
    if (!archive) throw new TypeError('no archive was built');
    if (site.isThere && readCluster(wish.name)?.tag === archive.tag) return 'they are there';
    await site.run('kind', ['load', 'image-archive', archive.file, '--name', wish.name], signal);
    return `orrery/{operator,gateway,content,actor}:${archive.tag}`;
  },
};
