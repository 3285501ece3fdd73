/**
 * What is sent into a node: nothing twice, no layer that it has, and everything when it has let go of what it seemed to
 * have.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { $ } from 'zx';
import { type Image, imageOf, layerOf } from '../images/image.ts';
import { FeedError, feed } from './feed.ts';
import { loadIntoNode, shownNames } from './load-into-node.ts';
import type { Site } from './site.ts';

/** Keeps what is imported as import-1, import-2 ...; the first of them fails when there is a file "broken". */
const DOCKER = `#!/bin/sh
cd "$(dirname "$0")"
case "$*" in
  *"images list"*) cat images ;;
  *"content list"*) cat content ;;
  *"images import"*)
    number=1
    while [ -e "import-$number" ]; do number=$((number + 1)); done
    cat > "import-$number"
    if [ -e broken ]; then rm broken; echo 'content digest: not found' >&2; exit 1; fi ;;
  save*) echo "saved $2" ;;
esac
`;

let bin: string;
let images: Image[];
const signal = new AbortController().signal;
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-load-'));
  bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'docker'), DOCKER);
  chmodSync(join(bin, 'docker'), 0o755);
  vi.stubEnv('ORRERY_PARTS', folder);
  held({ images: [], content: [] });
  const base = await layerOf([{ kind: 'file', path: 'base', mode: 0o644, source: Buffer.alloc(50_000, 'shared') }]);
  const own = await layerOf([{ kind: 'file', path: 'own', mode: 0o644, source: Buffer.from('own') }]);
  const settings = { user: '65532', environment: [], entrypoint: ['/own'] };
  images = [imageOf('orrery/a:1', settings, [base, own])];
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(join(bin, '..'), { recursive: true, force: true });
});

function held(lists: { readonly images: readonly string[]; readonly content: readonly string[] }): void {
  for (const [name, lines] of Object.entries(lists))
    writeFileSync(join(bin, name), lines.map((line) => `${line}\n`).join(''));
}

const site = {
  wish: { name: 'test' },
  run: (_program: string, parameters: readonly string[]) => $({ quiet: true })`${join(bin, 'docker')} ${parameters}`,
} as unknown as Site;
const load = (pulled: readonly string[] = []) => loadIntoNode(site, images, pulled, signal);
const imported = (number: number) => readFileSync(join(bin, `import-${number}`), 'latin1');
const digestOfBase = () => `sha256:${images[0]?.layers[0]?.sha256}`;

test('a node that has nothing gets everything, and what Docker has of others', async () => {
  expect(await load(['mongo:8'])).toBe('orrery/a:1 (1 MB of 1), mongo:8');
  expect(imported(1)).toContain('sharedshared');
  expect(imported(2)).toBe('saved mongo:8\n');
});

test('an image that a node has by one of its names only is sent with all of them', async () => {
  held({ images: ['docker.io/orrery/a:1'], content: images[0]?.layers.map(({ sha256 }) => `sha256:${sha256}`) ?? [] });
  images = images.map((image) => ({ ...image, also: ['orrery/a:2'] }));
  await load();
  expect(imported(1)).toContain('"io.containerd.image.name":"docker.io/orrery/a:1"');
  expect(imported(1)).toContain('"io.containerd.image.name":"docker.io/orrery/a:2"');
});

test('names of one tag are shown together', () => {
  expect(shownNames(['orrery/a:1', 'orrery/b:1', 'orrery/minio:2'])).toBe('orrery/{a,b}:1, orrery/minio:2');
});

test('what a node has is not sent again', async () => {
  held({ images: ['docker.io/orrery/a:1', 'docker.io/library/mongo:8'], content: [] });
  expect(await load(['mongo:8'])).toBe('they are there');
  expect(existsSync(join(bin, 'import-1'))).toBe(false);
});

test('of an image that a node does not have only the layers go that it does not have', async () => {
  held({ images: [], content: [digestOfBase()] });
  await load();
  expect(imported(1)).not.toContain('sharedshared');
  expect(imported(1).length).toBeLessThan(20_000);
});

test('when the node has let go of a layer meanwhile, everything is sent, and the line says so', async () => {
  held({ images: [], content: [digestOfBase()] });
  writeFileSync(join(bin, 'broken'), '');
  expect(await load()).toContain('whole, since the node has let go of layers');
  expect(imported(2)).toContain('sharedshared');
});

test('a whole archive that is refused is told with what ctr said', async () => {
  writeFileSync(join(bin, 'broken'), '');
  await expect(load()).rejects.toMatchObject({ name: 'FeedError', stderr: 'content digest: not found\n' });
});

test('a program that ends before it has read everything is told by its own words', async () => {
  const endless = (async function* () {
    for (let chunk = 0; chunk < 1000; chunk++) yield Buffer.alloc(65_536);
  })();
  const feeding = feed(['sh', '-c', 'echo enough >&2; exit 3'], endless, signal);
  await expect(feeding).rejects.toThrow(FeedError);
  await expect(feeding).rejects.toThrow('sh ended with 3: enough');
});
