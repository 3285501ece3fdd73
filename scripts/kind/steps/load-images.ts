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
    await bundleImages(site.checkout);
    site.archive = await writeArchive(site.checkout, join(site.folder, 'images.tar'));
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
