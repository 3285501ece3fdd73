/**
 * Where records and content are kept: each store is decided by itself, a refusal is no error, and what was chosen
 * becomes manifests.
 */
import { spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { findProgram } from '../../harness/environments/controlplane/parts.ts';
import { CHECKOUT, type Site, type Wish } from './site.ts';
import { RemediedError } from './step.ts';
import { chooseStores } from './steps/choose-stores.ts';
import { kustomizationOf, ordinaryImage } from './stores.ts';
import { storesWish } from './stores-wish.ts';

const kubectl = findProgram('kubectl');
const mongo = ordinaryImage(CHECKOUT, 'mongodb');
const minio = ordinaryImage(CHECKOUT, 'minio');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-stores-'));
  vi.stubEnv('ORRERY_PARTS', folder);
  vi.stubEnv('XDG_STATE_HOME', folder);
  vi.stubEnv('PATH', '/usr/bin:/bin');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A Docker that has some images and can pull some others. */
function siteWith({ has = [], pulls = [] }: { has?: string[]; pulls?: string[] }, wish: Partial<Wish> = {}): Site {
  const answers = (words: readonly string[]) => {
    const image = words.at(-1) ?? '';
    const isThere = (words[0] === 'pull' ? pulls : has).includes(image);
    return { exitCode: isThere ? 0 : 1, stderr: 'Error response from daemon: Get "x": dial tcp: no such host' };
  };
  const run = (_program: string, words: readonly string[]) => {
    const done = Object.assign(Promise.resolve(answers(words)), { stdout: new EventEmitter() });
    return Object.assign(done, { nothrow: () => done });
  };
  const whole: Wish = { name: 'test', host: false, retain: false, ...wish };
  return { wish: whole, checkout: CHECKOUT, isThere: false, run } as unknown as Site;
}

function program(name: string): void {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'bin', name), '#!/bin/sh\n');
  chmodSync(join(folder, 'bin', name), 0o755);
}

const choose = (site: Site) => chooseStores.run(site, new AbortController().signal);

test('an image that Docker has is taken, else one that it can pull, and the line says which', async () => {
  const site = siteWith({ has: [mongo], pulls: [minio] });
  const line = await choose(site);
  expect(line).toBe(`records in ${mongo} (Docker has it); content in ${minio} (pulled)`);
  expect(site.stores).toEqual({ mongodb: mongo, minio });
  expect(site.pulledImages).toEqual([mongo, minio]);
});

test('where an image cannot be pulled one is made of the program, and the line says why', async () => {
  program('ferretdb');
  program('minio');
  const site = siteWith({ has: [minio] });
  expect(await choose(site)).toMatch(
    /^records in orrery\/ferretdb:dev-\w+ \(made of the program; mongo:\S+ cannot be pulled \(no such host\)\); /,
  );
  expect(site.stores).toEqual({ mongodb: site.storeImages?.[0]?.reference, minio });
  expect(site.storeImages?.map(({ layers }) => layers.length)).toEqual([1]);
});

test('with neither, a store is embedded, and that is no error', async () => {
  const site = siteWith({ has: [mongo] });
  expect(await choose(site)).toContain('content in a folder of managed content (');
  expect(site.stores).toEqual({ mongodb: mongo });
});

test('--stores cluster fails where one can be had and the other cannot, and says what to do', async () => {
  const choosing = choose(siteWith({ has: [mongo] }, { stores: 'cluster' }));
  await expect(choosing).rejects.toMatchObject({
    message: expect.stringMatching(/^minio\/minio:\S+ cannot be pulled .*there is no minio on the PATH/),
    remedy: expect.stringContaining('leave --stores cluster out'),
  });
});

test('--stores embedded asks Docker for nothing', async () => {
  const site = siteWith({ has: [mongo, minio] }, { stores: 'embedded' });
  expect(await choose(site)).toBe(
    'as wished: records in SQLite in the gateway, content in a folder of managed content',
  );
  expect(site.stores).toEqual({});
});

test('a cluster that is there keeps the stores that it has', async () => {
  const stores = { mongodb: 'orrery/ferretdb:dev-1' };
  mkdirSync(join(folder, 'orrery/kind/test'), { recursive: true });
  writeFileSync(join(folder, 'orrery/kind/test/cluster.json'), JSON.stringify({ stores }));
  const site = siteWith({ has: [mongo, minio] });
  site.isThere = true;
  expect(await choose(site)).toBe(
    'as before: records in orrery/ferretdb:dev-1, content in a folder of managed content',
  );
  expect(site.stores).toEqual(stores);
});

test('with --host no store is looked for, and the cluster keeps those that it has', async () => {
  const site = siteWith({ has: [mongo, minio] }, { host: true });
  expect(await choose(site)).toBe('on this machine, in a folder');
  expect(site.stores).toBeUndefined();
});

test('--stores takes two words, and cluster means nothing beside --host', () => {
  expect([storesWish(undefined, false), storesWish('cluster', false)]).toEqual([{}, { stores: 'cluster' }]);
  expect(() => storesWish('both', false)).toThrow(RemediedError);
  expect(() => storesWish('cluster', true)).toThrow('keep what they have there');
});

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly spec: {
        readonly containers: { readonly image: string; readonly command: string[]; readonly env: { name: string }[] }[];
      };
    };
  };
}

if (kubectl === undefined) process.stderr.write('skipped: manifests with stores: no kubectl to render them\n');

test.runIf(kubectl !== undefined).each([
  ['the ordinary images', { mongodb: mongo, minio }, ['mongod', 'minio']],
  ['images made of programs', { mongodb: 'orrery/ferretdb:dev-1', minio: 'orrery/minio:dev-2' }, ['ferretdb', 'minio']],
  ['one store alone', { minio }, ['minio']],
  ['no stores', {}, []],
])('the manifests with %s have them, and the services use what is there', (_name, stores, commands) => {
  const deployments = rendered(stores).filter(({ kind }) => kind === 'Deployment');
  const containers = deployments.map(({ spec }) => spec.template.spec.containers[0]);
  const own = containers.filter((each) => each?.command);
  expect(own.map((each) => each?.command[0]).sort()).toEqual([...commands].sort());
  expect(own.map((each) => each?.image).sort()).toEqual(Object.values(stores).sort());
  expect(deployments.map(({ spec }) => spec.replicas)).toEqual(deployments.map(() => 1));
  const variable = (service: string, name: string) =>
    containers.find((each) => each?.image.startsWith(`orrery/${service}:`))?.env.find((each) => each.name === name);
  const fromSecret = (key: string) => ({ valueFrom: { secretKeyRef: { name: 'fabric-stores', key } } });
  const isIn = (store: string) => store in stores;
  expect(variable('gateway', 'FABRIC_STORE')).toMatchObject(
    isIn('mongodb') ? fromSecret('store') : { value: '/data/records.sqlite' },
  );
  expect(variable('content', 'FABRIC_BLOBS')).toMatchObject(isIn('minio') ? fromSecret('blobs') : { value: '/data' });
});

function rendered(stores: object): Manifest[] {
  const target = join(folder, 'rendered');
  mkdirSync(target);
  const kustomization = kustomizationOf(CHECKOUT, relative(target, join(CHECKOUT, 'deploy')), stores);
  writeFileSync(join(target, 'kustomization.yaml'), stringify(kustomization));
  const { status, stdout, stderr } = spawnSync(kubectl ?? '', ['kustomize', target], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return parseAllDocuments(stdout).map((document) => document.toJSON() as Manifest);
}
