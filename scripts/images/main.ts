/**
 * Bundles the programs of our images and packs them with the running Node.js into one archive.
 *
 *   npm run images [-- --bundles-only] [--tag TAG] [FILE]
 *
 * FILE defaults to dist/images.tar; its images are `orrery/{operator,gateway,content,actor}:TAG`, by default a hash of
 * what is in them. With
 * --bundles-only it stops before the archive: that is what deploy/Dockerfile copies.
 */
import '../../harness/unread-output.ts';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeArchive } from './archive.ts';
import { bundleImages } from './bundle.ts';
import { BUNDLES } from './contents.ts';
import { ownImages } from './own-images.ts';

const { values, positionals } = parseArgs({
  options: { 'bundles-only': { type: 'boolean', default: false }, tag: { type: 'string' } },
  allowPositionals: true,
});
const checkout = fileURLToPath(new URL('../..', import.meta.url));

const bundles = join(checkout, BUNDLES);
await bundleImages(checkout, bundles);
if (!values['bundles-only']) {
  const file = resolve(positionals[0] ?? `${checkout}/dist/images.tar`);
  const { images } = await ownImages(bundles, values.tag);
  await writeArchive(images, file);
  for (const { reference } of images) console.log(reference);
  console.log(`${file}: ${Math.round(statSync(file).size / 1e6)} MB`);
}
