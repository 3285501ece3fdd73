/**
 * Our images: bundled, packed with the running Node.js, and put into the node together with those of the stores that
 * were made here.
 */
import { join } from 'node:path';
import { bundleImages } from '../../images/bundle.ts';
import { type Image, tagOf } from '../../images/image.ts';
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
    const own = await ownImages(bundles);
    site.images = { ...own, images: own.images.map(withOwnTag) };
    return site.images.tag;
  },
};

/**
 * Beside the tag that all have, one of what is in this image alone: a Deployment by that name starts anew only when its
 * own program changed.
 */
function withOwnTag(image: Image): Image {
  const name = image.reference.slice(0, image.reference.lastIndexOf(':'));
  return { ...image, also: [`${name}:${tagOf(image.layers)}`] };
}

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
