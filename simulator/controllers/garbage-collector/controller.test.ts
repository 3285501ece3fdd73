/** The garbage collector on the simulated API server (semantics 5.2). */
import { describe, expect, test } from 'vitest';
import type {
  CustomResourceDefinition,
  KubernetesObject,
  OwnerReference,
  Secret,
} from '../../../kubernetes/objects.ts';
import {
  apiVersionOf,
  customResourceDefinitions,
  namespaces,
  type ResourceType,
  secrets,
} from '../../../kubernetes/resources.ts';
import { TestCluster } from '../test-cluster.ts';

const start = () => TestCluster.start(['generic-garbage-collector']);

interface Making {
  readonly owners?: readonly OwnerReference[];
  readonly finalizers?: string[];
  readonly namespace?: string;
}

const secret = (name: string, { owners = [], finalizers, namespace = 'default' }: Making = {}): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace, ownerReferences: [...owners], ...(finalizers ? { finalizers } : {}) },
});

function ownedBy(owner: KubernetesObject, type: ResourceType = secrets, blockOwnerDeletion = true): OwnerReference {
  const { name = '', uid = '' } = owner.metadata ?? {};
  return { apiVersion: apiVersionOf(type), kind: type.kind, name, uid, blockOwnerDeletion };
}

type Policy = 'Foreground' | 'Background' | 'Orphan';

const remove = (cluster: TestCluster, name: string, propagationPolicy: Policy = 'Background') =>
  cluster.run(cluster.client.delete(secrets, 'default', name, { propagationPolicy }));

const withoutFinalizers = (cluster: TestCluster, name: string) =>
  cluster.run(cluster.client.patch(secrets, 'default', name, 'merge', { metadata: { finalizers: null } }));

describe('an object', () => {
  test('without owners is never touched', async () => {
    const cluster = await start();
    await cluster.create(secrets, secret('alone'));
    await cluster.simulation.advance(60_000);
    expect(await cluster.names(secrets)).toEqual(['alone']);
  });

  test('goes within a second of its owner, and what it owns with it', async () => {
    const cluster = await start();
    const owner = await cluster.create(secrets, secret('owner'));
    const child = await cluster.create(secrets, secret('child', { owners: [ownedBy(owner)] }));
    await cluster.create(secrets, secret('grandchild', { owners: [ownedBy(child)] }));
    await cluster.simulation.advance(5_000);
    expect(await cluster.names(secrets)).toEqual(['child', 'grandchild', 'owner']);
    await remove(cluster, 'owner');
    await cluster.simulation.advance(1_000);
    expect(await cluster.names(secrets)).toEqual([]);
  });

  test('stays while one of its owners does, and loses the reference to the other', async () => {
    const cluster = await start();
    const [first, second] = [await cluster.create(secrets, secret('a')), await cluster.create(secrets, secret('b'))];
    await cluster.create(secrets, secret('child', { owners: [ownedBy(first), ownedBy(second)] }));
    await remove(cluster, 'a');
    await cluster.simulation.advance(1_000);
    const child = await cluster.find(secrets, 'child');
    expect(child?.metadata?.ownerReferences?.map(({ name }) => name)).toEqual(['b']);
  });

  test('whose owner never existed is deleted within a second', async () => {
    const cluster = await start();
    const ghost = { metadata: { name: 'ghost', uid: '0-0-0' } };
    await cluster.create(secrets, secret('child', { owners: [ownedBy(ghost)] }));
    await cluster.simulation.advance(1_000);
    expect(await cluster.names(secrets)).toEqual([]);
  });

  test('whose owner is in another namespace is deleted, and an event says why', async () => {
    const cluster = await start();
    const owner = await cluster.create(secrets, secret('owner'));
    await cluster.simulation.advance(100);
    await cluster.create(secrets, secret('child', { owners: [ownedBy(owner)], namespace: 'kube-public' }));
    await cluster.simulation.advance(1_000);
    expect(await cluster.names(secrets, 'kube-public')).toEqual([]);
    expect(await cluster.names(secrets)).toEqual(['owner']);
    expect((await cluster.events('kube-public')).map((event) => event.split(':')[0])).toEqual([
      'OwnerRefInvalidNamespace',
    ]);
  });

  test('outside namespaces is left alone by an owner inside one', async () => {
    const cluster = await start();
    const owner = await cluster.create(secrets, secret('owner'));
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'n', ownerReferences: [ownedBy(owner)] },
    };
    await cluster.create(namespaces, namespace);
    await remove(cluster, 'owner');
    await cluster.simulation.advance(5_000);
    expect((await cluster.find(namespaces, 'n'))?.metadata?.deletionTimestamp).toBeUndefined();
  });

  test('whose owner is of an unknown kind is kept', async () => {
    const cluster = await start();
    const owner = { apiVersion: 'nowhere.dev/v1', kind: 'Nothing', name: 'x', uid: 'u' };
    await cluster.create(secrets, secret('child', { owners: [owner] }));
    await cluster.simulation.advance(120_000);
    expect(await cluster.names(secrets)).toEqual(['child']);
  });
});

describe('a deletion in the foreground', () => {
  test('keeps the owner until dependents that block it are gone, and does not wait for the others', async () => {
    const cluster = await start();
    const owner = await cluster.create(secrets, secret('owner'));
    const held = { finalizers: ['test.dev/hold'] };
    await cluster.create(secrets, secret('blocking', { owners: [ownedBy(owner)], ...held }));
    await cluster.create(secrets, secret('free', { owners: [ownedBy(owner, secrets, false)], ...held }));
    await cluster.simulation.advance(100);
    await remove(cluster, 'owner', 'Foreground');
    await cluster.simulation.advance(5_000);
    expect(await cluster.names(secrets)).toEqual(['blocking', 'free', 'owner']);
    expect((await cluster.find(secrets, 'owner'))?.metadata?.finalizers).toEqual(['foregroundDeletion']);
    await withoutFinalizers(cluster, 'blocking');
    await cluster.simulation.advance(1_000);
    expect(await cluster.names(secrets)).toEqual(['free']);
  });

  test('goes down the whole tree, leaves first', async () => {
    const cluster = await start();
    const owner = await cluster.create(secrets, secret('owner'));
    const child = await cluster.create(secrets, secret('child', { owners: [ownedBy(owner)] }));
    await cluster.create(secrets, secret('leaf', { owners: [ownedBy(child)], finalizers: ['test.dev/hold'] }));
    await cluster.simulation.advance(100);
    await remove(cluster, 'owner', 'Foreground');
    await cluster.simulation.advance(1_000);
    expect(await cluster.names(secrets)).toEqual(['child', 'leaf', 'owner']);
    await withoutFinalizers(cluster, 'leaf');
    await cluster.simulation.advance(1_000);
    expect(await cluster.names(secrets)).toEqual([]);
  });
});

describe('two that own each other', () => {
  async function circle(): Promise<TestCluster> {
    const cluster = await start();
    const first = await cluster.create(secrets, secret('first'));
    const second = await cluster.create(secrets, secret('second', { owners: [ownedBy(first)] }));
    const ownerReferences = [ownedBy(second)];
    await cluster.run(cluster.client.patch(secrets, 'default', 'first', 'merge', { metadata: { ownerReferences } }));
    await cluster.simulation.advance(60_000);
    return cluster;
  }

  test('keep each other', async () => {
    expect(await (await circle()).names(secrets)).toEqual(['first', 'second']);
  });

  test('do not wait for each other for ever when one is deleted in the foreground', async () => {
    const cluster = await circle();
    await remove(cluster, 'first', 'Foreground');
    await cluster.simulation.advance(1_000);
    expect(await cluster.names(secrets)).toEqual([]);
  });
});

describe('a deletion that orphans', () => {
  test('takes the owner off its dependents, then removes it', async () => {
    const cluster = await start();
    const owner = await cluster.create(secrets, secret('owner'));
    await cluster.create(secrets, secret('child', { owners: [ownedBy(owner)] }));
    await cluster.simulation.advance(100);
    await remove(cluster, 'owner', 'Orphan');
    await cluster.simulation.advance(1_000);
    expect(await cluster.names(secrets)).toEqual(['child']);
    expect((await cluster.find(secrets, 'child'))?.metadata?.ownerReferences ?? []).toEqual([]);
  });
});

describe('a custom kind', () => {
  const things: ResourceType = { group: 'test.dev', version: 'v1', plural: 'things', kind: 'Thing', namespaced: true };
  const definition: CustomResourceDefinition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.test.dev' },
    spec: {
      group: 'test.dev',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing', singular: 'thing', listKind: 'ThingList' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  };

  /** A thing that owns a secret, made so long after the definition of its kind. */
  async function owning(afterMs: number): Promise<TestCluster> {
    const cluster = await start();
    await cluster.create(customResourceDefinitions, definition);
    await cluster.simulation.advance(afterMs);
    const metadata = { name: 'owner', namespace: 'default' };
    const thing = await cluster.create(things, { apiVersion: 'test.dev/v1', kind: 'Thing', metadata });
    const ownerReferences = [ownedBy(thing, things)];
    await cluster.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata: { ...metadata, ownerReferences } });
    await cluster.simulation.advance(1_000);
    return cluster;
  }

  test('whose objects come and go before the collector follows it still owns', async () => {
    const cluster = await owning(1_000);
    expect(await cluster.names(secrets)).toEqual(['owner']);
    await cluster.run(cluster.client.delete(things, 'default', 'owner'));
    await cluster.simulation.advance(10_000);
    expect(await cluster.names(secrets)).toEqual([]);
  });

  test('owns as built-in kinds do, from its definition on', async () => {
    const cluster = await owning(35_000);
    expect(await cluster.names(secrets)).toEqual(['owner']);
    await cluster.run(cluster.client.delete(things, 'default', 'owner'));
    await cluster.simulation.advance(1_000);
    expect(await cluster.names(secrets)).toEqual([]);
  });
});
