/** The namespace controller on the simulated API server (semantics 5.3). */
import { describe, expect, test } from 'vitest';
import type { Namespace } from '../../../kubernetes/objects.ts';
import { configMaps, leases, namespaces, pods, secrets } from '../../../kubernetes/resources.ts';
import { podTemplate, TestCluster } from '../test-cluster.ts';

async function begin(): Promise<TestCluster> {
  const cluster = await TestCluster.start(['namespace-controller', 'service-account-controller']);
  await cluster.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'gone' } });
  return cluster;
}

const inNamespace = (kind: string, name: string, finalizers?: string[]) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'gone', ...(finalizers ? { finalizers } : {}) },
});

const remove = (cluster: TestCluster) => cluster.run(cluster.client.delete(namespaces, undefined, 'gone'));

const condition = async (cluster: TestCluster, type: string) =>
  (await cluster.find<Namespace>(namespaces, 'gone'))?.status?.conditions?.find((each) => each.type === type);

describe('a namespace that is deleted', () => {
  test('is gone with its content about six seconds later, and not before five', async () => {
    const cluster = await begin();
    await cluster.create(secrets, inNamespace('Secret', 'a'));
    await cluster.create(leases, { ...inNamespace('Lease', 'b'), apiVersion: 'coordination.k8s.io/v1' });
    await remove(cluster);
    await cluster.simulation.advance(4_900);
    expect(await cluster.names(secrets, 'gone')).toEqual(['a']);
    await cluster.simulation.advance(1_500);
    expect(await cluster.find(namespaces, 'gone')).toBeUndefined();
    for (const kind of [secrets, leases, configMaps]) expect(await cluster.names(kind, 'gone')).toEqual([]);
  });

  test('keeps everything else until its pods are gone', async () => {
    const cluster = await begin();
    await cluster.create(secrets, inNamespace('Secret', 'a'));
    const spec = { ...podTemplate.spec, nodeName: 'node', terminationGracePeriodSeconds: 20 };
    await cluster.create(pods, { ...inNamespace('Pod', 'p'), spec });
    await remove(cluster);
    await cluster.simulation.advance(8_000);
    expect((await cluster.find(pods, 'p', 'gone'))?.metadata?.deletionTimestamp).toBeDefined();
    expect(await cluster.names(secrets, 'gone')).toEqual(['a']);
    expect(await condition(cluster, 'NamespaceContentRemaining')).toMatchObject({
      status: 'True',
      reason: 'SomeResourcesRemain',
      message: 'Some resources are remaining: pods. has 1 resource instances',
    });
    await cluster.run(cluster.client.delete(pods, 'gone', 'p', { gracePeriodSeconds: 0 }));
    await cluster.simulation.advance(12_000);
    expect(await cluster.find(namespaces, 'gone')).toBeUndefined();
  });

  test('is held up by a finalizer in it, says so, and goes when the finalizer has gone', async () => {
    const cluster = await begin();
    await cluster.create(secrets, inNamespace('Secret', 'held', ['test.dev/hold']));
    await remove(cluster);
    await cluster.simulation.advance(60_000);
    expect(await condition(cluster, 'NamespaceFinalizersRemaining')).toMatchObject({
      status: 'True',
      reason: 'SomeFinalizersRemain',
      message: 'Some content in the namespace has finalizers remaining: test.dev/hold in 1 resource instances',
    });
    expect(await condition(cluster, 'NamespaceDeletionContentFailure')).toMatchObject({
      status: 'False',
      reason: 'ContentDeleted',
    });
    await cluster.run(cluster.client.patch(secrets, 'gone', 'held', 'merge', { metadata: { finalizers: null } }));
    await cluster.simulation.advance(15_000);
    expect(await cluster.find(namespaces, 'gone')).toBeUndefined();
  });
});

describe('a namespace that is not deleted', () => {
  test('keeps its content', async () => {
    const cluster = await begin();
    await cluster.create(secrets, inNamespace('Secret', 'a'));
    await cluster.simulation.advance(60_000);
    expect(await cluster.names(secrets, 'gone')).toEqual(['a']);
  });
});
