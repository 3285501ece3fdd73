/**
 * deploy/Dockerfile, built for real: each image starts, is healthy, and holds the same files and settings as the one
 * that the archive has. The base is the image that the Dockerfile names where Docker has it, else a stand-in made from
 * this machine. It takes minutes and npm's registry, so it is done only when $ORRERY_BUILD_IMAGES says so; else one
 * line tells it.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProgram } from '../../harness/environments/controlplane/parts.ts';
import { feed } from '../kind/feed.ts';
import { imageArchive } from './archive.ts';
import { bundleImages } from './bundle.ts';
import { type ImageContents, images } from './contents.ts';
import { type OwnImages, ownImages } from './own-images.ts';
import { standInImage } from './stand-in.fixture.ts';
import { tar } from './tar.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const docker = findProgram('docker') ?? '';
// Others may run this test on the same Docker.
const TAG = `dockerfile-test-${process.pid}`;
const STAND_IN = `orrery/node-stand-in:${TAG}`;
const LABEL = `orrery.dev/test=${TAG}`;
const [, named = ''] = /^ARG NODE=(\S+)$/m.exec(readFileSync(join(checkout, 'deploy/Dockerfile'), 'utf8')) ?? [];
const BUILD_DEADLINE_MS = 600_000;

const why = absence();
if (why !== undefined) process.stderr.write(`skipped: images of deploy/Dockerfile: ${why}\n`);

describe.runIf(why === undefined)('images of deploy/Dockerfile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-dockerfile-'));
  let own: OwnImages;
  beforeAll(async () => {
    const base = await baseImage();
    for (const { name } of images) {
      const options = [
        '--force-rm',
        '--network',
        'host',
        '--build-arg',
        `NODE=${base}`,
        '--label',
        LABEL,
        '--target',
        name,
      ];
      said('build', ...options, '--file', join(checkout, 'deploy/Dockerfile'), '--tag', built(name), checkout);
    }
    await bundleImages(checkout, join(folder, 'bundles'));
    own = await ownImages(join(folder, 'bundles'), `${TAG}-archive`);
    await feed([docker, 'load', '--quiet'], imageArchive(own.images), new AbortController().signal);
  }, BUILD_DEADLINE_MS);
  afterAll(() => {
    const containers = words('ps', '--all', '--quiet', '--filter', `label=${LABEL}`);
    if (containers.length > 0) said('rm', '--force', '--volumes', ...containers);
    const made = [...images.map(({ name }) => built(name)), ...(own?.images ?? []).map(({ reference }) => reference)];
    spawnSync(docker, ['rmi', '--force', ...made, STAND_IN]);
    const unnamed = words('images', '--quiet', '--filter', 'dangling=true');
    const stages = unnamed.filter(
      (id) => said('inspect', '--format', '{{.Config.WorkingDir}}', id).trim() === '/orrery',
    );
    if (stages.length > 0) spawnSync(docker, ['rmi', ...stages]);
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  test.each(images)('$name has the files of the archive, and no other of ours', async (image) => {
    const expected = await filesOfArchive(own, image, join(folder, `${image.name}-archive.tar`));
    const found = await filesOfImage(built(image.name), join(folder, `${image.name}-built.tar`));
    expect(expected.length).toBeGreaterThan(1);
    expect(found).toEqual(expected);
  });

  test.each(images)('$name has the settings of the archive', ({ name }) => {
    const archived = settingsOf(`orrery/${name}:${TAG}-archive`);
    expect(settingsOf(built(name))).toEqual(archived);
    expect(archived.User).toBe('65532:65532');
  });

  test('actor runs with a root file system that cannot be written', () => {
    expect(said('run', '--rm', '--read-only', '--label', LABEL, built('actor'), 'print hello')).toBe('hello\n');
  });

  test.each(images.filter(({ port }) => port !== undefined))(
    '$name runs with a root file system that cannot be written, and its health check finds it well',
    async (image) => {
      const volumes = image.writes.flatMap((path) => ['--volume', path]);
      const options = ['--detach', '--read-only', '--label', LABEL, ...volumes, ...environmentOf(image, folder)];
      const [container = ''] = words('run', ...options, built(image.name), ...argumentsOf(image));
      const check = (settingsOf(built(image.name)).Healthcheck as { Test: string[] }).Test.slice(1);
      const status = () => spawnSync(docker, ['exec', container, ...check]).status;
      await expect.poll(status, { timeout: 30_000, message: said('logs', container) }).toBe(0);
      expect(words('top', container, '-eo', 'pid,uid').map((line) => line.split(/\s+/)[1])).toEqual(['UID', '65532']);
    },
    60_000,
  );
});

/** What each needs to start; the operator's cluster need not answer for it to be alive. */
function environmentOf({ name }: ImageContents, folder: string): string[] {
  const variables: Record<string, string> = {};
  if (name === 'gateway') variables.FABRIC_STORE = '/data/records.sqlite';
  if (name === 'content') variables.FABRIC_BLOBS = '/data';
  if (name === 'operator') variables.FABRIC_HEALTH_LISTEN = '127.0.0.1:8082';
  const options = Object.entries(variables).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  if (name === 'content') return options;
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, JSON.stringify(nowhere), { mode: 0o644 });
  return [...options, '--env', 'FABRIC_KUBECONFIG=/kubeconfig', '--volume', `${kubeconfig}:/kubeconfig:ro`];
}

function argumentsOf({ name }: ImageContents): string[] {
  return name === 'gateway' ? ['--only-namespace'] : [];
}

const nowhere = {
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'nowhere', cluster: { server: 'http://127.0.0.1:9' } }],
  users: [{ name: 'nobody', user: {} }],
  contexts: [{ name: 'nowhere', context: { cluster: 'nowhere', user: 'nobody' } }],
  'current-context': 'nowhere',
};

/** `drwxr-xr-x 65532/65532 data`, and the digest of what is in it where it is a file. */
type FileFacts = readonly [facts: string, sha256: string];

/** Of the layer that is the image's own. */
async function filesOfArchive(
  { images: made }: OwnImages,
  { name }: ImageContents,
  file: string,
): Promise<FileFacts[]> {
  const layer = made.find(({ reference }) => reference.startsWith(`orrery/${name}:`))?.layers[1];
  await writeFile(file, tar(layer?.entries ?? []));
  return listed(file);
}

/** Of what is neither the base image's nor Docker's own. */
async function filesOfImage(reference: string, file: string): Promise<FileFacts[]> {
  const [container = ''] = words('create', '--label', LABEL, reference);
  said('export', '--output', file, container);
  return listed(file);
}

function listed(file: string): FileFacts[] {
  const contents = `${file}.contents`;
  mkdirSync(contents);
  output('tar', ['--extract', '--file', file, '--directory', contents, '--wildcards', 'app*']);
  const lines = output('tar', ['--list', '--verbose', '--numeric-owner', '--file', file]).trim().split('\n');
  return lines
    .map((line) => line.split(/\s+/))
    .filter(([, , , , , path = '']) => /^(?:app|data)(?:\/|$)/.test(path))
    .map(([mode, owner, , , , path = '']): FileFacts => {
      const bytes = mode?.startsWith('-') ? readFileSync(join(contents, path)) : '';
      return [`${mode} ${owner} ${path}`, createHash('sha256').update(bytes).digest('hex')];
    })
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

/** What the Dockerfile and the list of contents say; the rest is the base image's. */
function settingsOf(reference: string): Record<string, unknown> {
  const { User, Entrypoint, ExposedPorts, Healthcheck, WorkingDir, Env } = JSON.parse(
    said('inspect', '--format', '{{json .Config}}', reference),
  ) as Record<string, unknown> & { Env: string[] };
  return { User, Entrypoint, ExposedPorts, Healthcheck, WorkingDir, mode: Env.find((each) => /^NODE_ENV=/.test(each)) };
}

/** The one that the Dockerfile names where Docker has it, else the stand-in. */
async function baseImage(): Promise<string> {
  if (spawnSync(docker, ['image', 'inspect', named]).status === 0) return named;
  const image = await standInImage(STAND_IN);
  if (image === undefined) throw new Error('npm, sh, mkdir or env is not on the PATH');
  await feed([docker, 'load', '--quiet'], imageArchive([image]), new AbortController().signal);
  return STAND_IN;
}

function built(name: string): string {
  return `orrery/${name}:${TAG}`;
}

function absence(): string | undefined {
  if (process.platform !== 'linux') return 'the archive that they are compared with is made on Linux only';
  if (!process.env.ORRERY_BUILD_IMAGES) return 'set ORRERY_BUILD_IMAGES=1: it takes minutes, and npm’s registry';
  return docker !== '' && spawnSync(docker, ['info']).status === 0
    ? undefined
    : 'no Docker daemon answers (DOCKER_HOST)';
}

/** What docker prints; throws what it says when it fails. */
function said(...parameters: readonly string[]): string {
  return output(docker, parameters);
}

function words(...parameters: readonly string[]): string[] {
  return said(...parameters)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function output(program: string, parameters: readonly string[]): string {
  const done = spawnSync(program, parameters, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (done.status === 0) return done.stdout;
  throw new Error(
    `${program} ${parameters.join(' ')} ended with ${done.status}:\n${done.stdout.slice(-2000)}${done.stderr}`,
  );
}
