import { describe, expect, test } from 'vitest';
import { hasReason, type KubernetesClient } from '../../kubernetes/client.ts';
import { kubeConfigFor } from '../../kubernetes/cluster-access.ts';
import { createHttpClient } from '../../kubernetes/http-client.ts';
import type { ConfigMap, KubernetesObject, Pod, WatchEvent } from '../../kubernetes/objects.ts';
import { configMaps, jobs, namespaces, pods } from '../../kubernetes/resources.ts';
import { Simulation } from '../../world/simulated/simulation.ts';
import { makeDefaultAccount } from './default-account.fixture.ts';
import { ApiServer } from './server.ts';

async function start() {
  const simulation = new Simulation({ seed: 7, startAt: Date.UTC(2026, 0, 1) });
  const world = simulation.process('apiserver');
  const server = new ApiServer({ world });
  await world.network.listen('kubernetes:80', server.handler);
  await simulation.run(makeDefaultAccount(server.client('test')));
  return { simulation, server };
}

type Started = Awaited<ReturnType<typeof start>>;

const clients: Record<string, (started: Started) => KubernetesClient> = {
  'in process': ({ server }) => server.client('test'),
  'over HTTP': ({ simulation }) =>
    createHttpClient({
      world: simulation.process('client'),
      config: kubeConfigFor({ server: 'http://kubernetes:80' }),
    }),
};

const map = (name: string, data: Record<string, string> = {}): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
});

const pod = (name: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { containers: [{ name: 'main', image: 'actor' }], terminationGracePeriodSeconds: 30, nodeName: 'node' },
});

describe.each(Object.entries(clients))('a client %s', (_name, make) => {
  async function begin() {
    const started = await start();
    const client = make(started);
    const { simulation } = started;
    return { ...started, client, run: <T>(promise: Promise<T>) => simulation.run(promise) };
  }

  test('reads back what it created, with the fields that the server writes', async () => {
    const { client, run } = await begin();
    const created = await run(client.create(configMaps, 'default', map('a', { x: '1' })));
    expect(created.metadata?.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(created.metadata?.creationTimestamp).toBe('2026-01-01T00:00:00Z');
    expect(await run(client.get<ConfigMap>(configMaps, 'default', 'a'))).toEqual(created);
  });

  test('gets NotFound, AlreadyExists and Conflict with the words of the real server', async () => {
    const { client, run } = await begin();
    const missing = await run(client.get(jobs, 'default', 'x').catch((error: unknown) => error));
    expect(missing).toMatchObject({ code: 404, reason: 'NotFound', message: 'jobs.batch "x" not found' });
    const first = await run(client.create(configMaps, 'default', map('a')));
    const again = await run(client.create(configMaps, 'default', map('a')).catch((error: unknown) => error));
    expect(again).toMatchObject({ code: 409, reason: 'AlreadyExists', message: 'configmaps "a" already exists' });
    const changed = { ...first, data: { x: '2' } };
    await run(client.replace(configMaps, changed));
    const stale = await run(
      client.replace(configMaps, { ...first, data: { x: '3' } }).catch((error: unknown) => error),
    );
    expect(hasReason(stale, 'Conflict')).toBe(true);
  });

  test('lists by namespace and selector, in the order of names', async () => {
    const { client, run } = await begin();
    await run(client.create(namespaces, undefined, { metadata: { name: 'other' } }));
    for (const name of ['c', 'a', 'b']) await run(client.create(configMaps, 'default', map(name)));
    const labelled = { metadata: { name: 'd', namespace: 'other', labels: { app: 'x' } } };
    await run(client.create(configMaps, 'other', labelled));
    const names = async (options: object) =>
      (await run(client.list<ConfigMap>(configMaps, options))).items.map((item) => item.metadata?.name);
    expect(await names({ namespace: 'default' })).toEqual(['a', 'b', 'c']);
    expect(await names({ labelSelector: 'app in (x,y)' })).toEqual(['d']);
    expect(await names({ fieldSelector: 'metadata.name!=a', namespace: 'default' })).toEqual(['b', 'c']);
  });

  test('chunks of one list show one version', async () => {
    const { client, run } = await begin();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await run(client.create(configMaps, 'default', map(name)));
    const first = await run(client.list(configMaps, { limit: 2, namespace: 'default' }));
    await run(client.delete(configMaps, 'default', 'c'));
    const rest = { limit: 2, namespace: 'default', continue: first.metadata.continue ?? '' };
    const second = await run(client.list(configMaps, rest));
    expect(second.items.map((item) => item.metadata?.name)).toEqual(['c', 'd']);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  test('an expired continue token is refused with 410', async () => {
    const { client, run, server } = await begin();
    for (const name of ['a', 'b', 'c']) await run(client.create(configMaps, 'default', map(name)));
    const first = await run(client.list(configMaps, { limit: 1 }));
    server.store.expireHistory();
    const rest = { limit: 1, continue: first.metadata.continue ?? '' };
    expect(await run(client.list(configMaps, rest).catch((error: unknown) => error))).toMatchObject({ code: 410 });
  });

  async function watched(started: Awaited<ReturnType<typeof begin>>, options: object) {
    const events: WatchEvent<KubernetesObject>[] = [];
    const handle = await started.run(started.client.watch(configMaps, options, (event) => void events.push(event)));
    const seen = async () => {
      await started.simulation.advance(100);
      return events.splice(0).map((event) => `${event.type} ${event.object.metadata?.name}`);
    };
    return { handle, seen, events };
  }

  test('a watch shows what is there, then each change, as its selector sees it', async () => {
    const started = await begin();
    const { client, run } = started;
    await run(client.create(configMaps, 'default', map('a')));
    const all = await watched(started, {});
    const labelled = await watched(started, { labelSelector: 'on=yes' });
    expect(await all.seen()).toEqual(['ADDED a']);
    await run(client.patch(configMaps, 'default', 'a', 'merge', { metadata: { labels: { on: 'yes' } } }));
    await run(client.patch(configMaps, 'default', 'a', 'merge', { data: { x: '1' } }));
    await run(client.patch(configMaps, 'default', 'a', 'merge', { data: { x: '1' } }));
    await run(client.patch(configMaps, 'default', 'a', 'merge', { metadata: { labels: null } }));
    await run(client.delete(configMaps, 'default', 'a'));
    expect(await all.seen()).toEqual(['MODIFIED a', 'MODIFIED a', 'MODIFIED a', 'DELETED a']);
    expect(await labelled.seen()).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
    all.handle.stop();
    labelled.handle.stop();
  });

  test('a watch goes on from a version, and is refused from a forgotten one', async () => {
    const started = await begin();
    const { client, run, server } = started;
    const first = await run(client.create(configMaps, 'default', map('a')));
    await run(client.create(configMaps, 'default', map('b')));
    const resourceVersion = first.metadata?.resourceVersion ?? '';
    expect(await (await watched(started, { resourceVersion })).seen()).toEqual(['ADDED b']);
    server.store.expireHistory();
    const late = await watched(started, { resourceVersion });
    await started.simulation.advance(100);
    expect(late.events).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }]);
    expect(await run(late.handle.ended)).toBeUndefined();
  });

  test('a pod on a node stays for its grace period, and goes with a delete of grace 0', async () => {
    const { client, run } = await begin();
    await run(client.create(pods, 'default', pod('p')));
    await run(client.delete(pods, 'default', 'p'));
    const leaving = await run(client.get<Pod>(pods, 'default', 'p'));
    expect(leaving.metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:30Z',
      deletionGracePeriodSeconds: 30,
      generation: 2,
    });
    await run(client.delete(pods, 'default', 'p', { gracePeriodSeconds: 0 }));
    expect(await run(client.get(pods, 'default', 'p').catch((error: unknown) => error))).toMatchObject({ code: 404 });
  });

  test('an object with a finalizer goes when the last one is taken off', async () => {
    const { client, run } = await begin();
    const held = map('a');
    await run(client.create(configMaps, 'default', { ...held, metadata: { ...held.metadata, finalizers: ['x.y/z'] } }));
    await run(client.delete(configMaps, 'default', 'a'));
    const marked = await run(client.get(configMaps, 'default', 'a'));
    expect(marked.metadata?.deletionTimestamp).toBe('2026-01-01T00:00:00Z');
    await run(client.patch(configMaps, 'default', 'a', 'merge', { metadata: { finalizers: null } }));
    expect(await run(client.get(configMaps, 'default', 'a').catch((error: unknown) => error))).toMatchObject({
      code: 404,
    });
  });

  test('nothing can be created in a missing or a terminating namespace', async () => {
    const { client, run } = await begin();
    const into = (namespace: string) =>
      run(client.create(configMaps, namespace, { metadata: { name: 'a' } }).catch((error: unknown) => error));
    expect(await into('nowhere')).toMatchObject({ code: 404, message: 'namespaces "nowhere" not found' });
    await run(client.create(namespaces, undefined, { metadata: { name: 'n' } }));
    await run(client.delete(namespaces, undefined, 'n'));
    expect(await into('n')).toMatchObject({ code: 403, reason: 'Forbidden' });
    const ended = await run(client.delete(namespaces, undefined, 'default').catch((error: unknown) => error));
    expect(ended).toMatchObject({
      code: 403,
      message: 'namespaces "default" is forbidden: this namespace may not be deleted',
    });
  });

  test('a status write keeps the spec, another write keeps the status', async () => {
    const { client, run } = await begin();
    await run(client.create(pods, 'default', pod('p')));
    const status = { status: { phase: 'Running' }, spec: { nodeName: 'other' } };
    const written = await run(client.patch<Pod>(pods, 'default', 'p', 'merge', status, { subresource: 'status' }));
    expect(written).toMatchObject({ status: { phase: 'Running', qosClass: 'BestEffort' }, spec: { nodeName: 'node' } });
    const kept = await run(
      client.patch<Pod>(pods, 'default', 'p', 'merge', {
        status: { phase: 'Failed' },
        metadata: { labels: { a: 'b' } },
      }),
    );
    expect(kept.status?.phase).toBe('Running');
    expect(kept.metadata?.generation).toBe(1);
  });
});

test('what the in-process client returns cannot be changed', async () => {
  const { server, simulation } = await start();
  const created = await simulation.run(server.client('test').create(configMaps, 'default', map('a', { x: '1' })));
  expect(() => {
    if (created.data) created.data.x = '2';
  }).toThrow(TypeError);
});

test('a server started over the same store serves what the first one stored', async () => {
  const { server, simulation } = await start();
  await simulation.run(server.client('test').create(configMaps, 'default', map('a')));
  server.stop();
  const next = new ApiServer({ world: simulation.process('apiserver-2'), store: server.store });
  const found = await simulation.run(next.client('test').get<ConfigMap>(configMaps, 'default', 'a'));
  expect(found.metadata?.name).toBe('a');
});
