/** Our images: bundled, packed with the running Node.js, and put into the node together with those of the stores that were made here. */
import { join } from 'node:path';
import { bundleImages } from '../../images/bundle.ts';
import { ownImages } from '../../images/own-images.ts';
import { loadIntoNode } from '../load-into-node.ts';
import type { Step } from '../step.ts';

export const buildImages: Step = {
  name: 'build the images',
  deadlineMs: 120_000,
  remedy: 'try `npm run images` alone',
  async run(site) {
    // Not in the checkout: other clusters may come up at the same time.
    const bundles = join(site.folder, 'bundles');
    await bundleImages(site.checkout, bundles);
    site.images = await ownImages(bundles);
    return site.images.tag;
  },
};

export const loadImages: Step = {
  name: 'load the images',
  deadlineMs: 180_000,
  remedy: 'see whether the disk is full: docker system df',
  async run(site, signal) {
    const { images, storeImages = [], pulledImages = [] } = site;
    if (!images) throw new TypeError('no images were built');
    return loadIntoNode(site, [...images.images, ...storeImages], pulledImages, signal);
  },
};
