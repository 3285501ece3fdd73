/** The archive is what Docker and containerd read, and carries no layer that is there already. */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { imageArchive, writeArchive } from './archive.ts';
import { isStatic } from './base.ts';
import { type Image, imageOf, layerOf, tagOf } from './image.ts';
import { storeImage } from './store-images.ts';
import type { TarEntry } from './tar.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-archive-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (path: string, text: string): TarEntry => ({
  kind: 'file',
  path,
  mode: 0o644,
  source: Buffer.from(text),
});

async function twoImages(text = 'one'): Promise<Image[]> {
  const base = await layerOf([file('base', 'shared')]);
  const settings = { user: '65532:65532', environment: [], entrypoint: ['/app'] };
  const each = ['a', 'b'].map(async (name) =>
    imageOf(`orrery/${name}:t`, settings, [base, await layerOf([file(name, text)])]),
  );
  return Promise.all(each);
}

/** Unpacks an archive; resolves with the paths of its files. */
async function unpacked(images: readonly Image[], there?: ReadonlySet<string>): Promise<string[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of imageArchive(images, there)) chunks.push(chunk);
  writeFileSync(join(folder, 'archive.tar'), Buffer.concat(chunks));
  const { stdout, stderr } = spawnSync('tar', ['-xvf', 'archive.tar'], { cwd: folder, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

const held = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));
const blobPath = (digest: string) => `blobs/${digest.replace(':', '/')}`;

test('an archive holds every blob once, under the digest of its bytes', async () => {
  const paths = await unpacked(await twoImages());
  expect(new Set(paths).size).toBe(paths.length);
  const blobs = paths.filter((path) => path.startsWith('blobs/'));
  expect(blobs).toHaveLength(2 * 2 + 3);
  for (const path of blobs) {
    const bytes = readFileSync(join(folder, path));
    expect(path).toBe(`blobs/sha256/${createHash('sha256').update(bytes).digest('hex')}`);
  }
});

test('from the index, and from Docker’s manifest, everything that an image needs is found', async () => {
  const images = await twoImages();
  const paths = await unpacked(images);
  const { manifests } = held('index.json') as { manifests: { digest: string; annotations: object }[] };
  expect(manifests.map(({ annotations }) => Object.values(annotations))).toEqual([
    ['docker.io/orrery/a:t', 't'],
    ['docker.io/orrery/b:t', 't'],
  ]);
  for (const { digest } of manifests) {
    const { config, layers } = held(blobPath(digest)) as Record<'config', Blob> & Record<'layers', Blob[]>;
    for (const blob of [config, ...layers]) expect(statSync(join(folder, blobPath(blob.digest))).size).toBe(blob.size);
  }
  const lines = held('manifest.json') as { RepoTags: string[]; Config: string; Layers: string[] }[];
  expect(lines.map(({ RepoTags }) => RepoTags)).toEqual(images.map(({ reference }) => [reference]));
  expect(paths).toEqual(expect.arrayContaining(lines.flatMap(({ Config, Layers }) => [Config, ...Layers])));
});

interface Blob {
  readonly digest: string;
  readonly size: number;
}

test('layers that are there are left out, and then it is no archive for Docker', async () => {
  const images = await twoImages();
  const base = images[0]?.layers[0]?.sha256;
  const paths = await unpacked(images, new Set([`sha256:${base}`]));
  expect(paths).not.toContain(`blobs/sha256/${base}`);
  expect(paths).not.toContain('manifest.json');
  expect(paths.filter((path) => path.startsWith('blobs/'))).toHaveLength(2 * 2 + 2);
});

test('the same contents make the same tag and bytes, others another tag', async () => {
  const [one, same, other] = [await twoImages(), await twoImages(), await twoImages('two')];
  const tags = [one, same, other].map((images) => tagOf(images.flatMap(({ layers }) => layers)));
  expect(tags[0]).toBe(tags[1]);
  expect(tags[0]).not.toBe(tags[2]);
  for (const [index, images] of [one, same].entries()) await writeArchive(images, join(folder, `${index}.tar`));
  expect(readFileSync(join(folder, '0.tar')).equals(readFileSync(join(folder, '1.tar')))).toBe(true);
});

test('a store’s image is its program, with its libraries where it has some, for nobody’s user', async () => {
  const image = await storeImage('minio', process.execPath);
  expect(image.reference).toMatch(/^orrery\/minio:dev-[0-9a-f]{12}$/);
  const paths = image.layers.flatMap(({ entries }) => entries.map(({ path }) => path));
  expect(paths).toContain('usr/local/bin/minio');
  expect(paths.some((path) => /libc\.so/.test(path))).toBe(true);
  const { config } = JSON.parse(image.config.toString()) as { config: { User: string; Entrypoint: string[] } };
  expect(config).toMatchObject({ User: '65532:65532', Entrypoint: ['/usr/local/bin/minio'] });
});

test.each([
  ['\tnot a dynamic executable\n', true],
  ['\tstatically linked\n', true],
  ['\tlibc.so.6 => /lib/libc.so.6 (0x00007f01)\n', false],
])('ldd’s %j is understood', (output, expected) => {
  expect(isStatic(output)).toBe(expected);
});
