/** ReplicaSets and ReplicationControllers on the simulated API server. */
import { describe, expect, test } from 'vitest';
import type { Pod, ReplicaSet, ReplicationController } from '../../../kubernetes/objects.ts';
import { pods as podType, replicaSets, replicationControllers } from '../../../kubernetes/resources.ts';
import { TestCluster } from '../test-cluster.ts';
import { labels, podsOf, runAll, setPhase, templateOf } from './pods.fixture.ts';

const settleMs = 1_000;

function setOf(spec: Partial<NonNullable<ReplicaSet['spec']>>): ReplicaSet {
  const selector = { matchLabels: labels };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector, template: templateOf() as never, ...spec },
  };
}

async function begin(spec: Partial<NonNullable<ReplicaSet['spec']>>): Promise<TestCluster> {
  const cluster = await TestCluster.start(['replicaset-controller']);
  await cluster.create(replicaSets, setOf(spec));
  await cluster.simulation.advance(settleMs);
  return cluster;
}

const scale = async (cluster: TestCluster, replicas: number) => {
  await cluster.run(cluster.client.patch(replicaSets, 'default', 'web', 'merge', { spec: { replicas } }));
  await cluster.simulation.advance(settleMs);
};

const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata?.name);
const statusOf = async (cluster: TestCluster) => (await cluster.find<ReplicaSet>(replicaSets, 'web'))?.status;

describe('a ReplicaSet', () => {
  test('has as many pods as it wants, says so, and tells of each', async () => {
    const cluster = await begin({ replicas: 3 });
    const pods = await podsOf(cluster);
    expect(pods).toHaveLength(3);
    expect(pods.map(({ metadata }) => metadata?.ownerReferences?.[0]?.name)).toEqual(['web', 'web', 'web']);
    expect(names(pods).every((name) => name?.startsWith('web-'))).toBe(true);
    expect(await statusOf(cluster)).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 3,
      terminatingReplicas: 0,
      observedGeneration: 1,
    });
    expect((await cluster.events()).sort()).toEqual(
      names(pods).map((name) => `SuccessfulCreate: Created pod: ${name}`),
    );
    await runAll(cluster);
    expect(await statusOf(cluster)).toMatchObject({ readyReplicas: 3, availableReplicas: 3 });
  });

  test('replaces a pod that was deleted, and one that failed', async () => {
    const cluster = await begin({ replicas: 2 });
    const [first, second] = await podsOf(cluster);
    await cluster.run(cluster.client.delete(podType, 'default', first?.metadata?.name ?? ''));
    await cluster.simulation.advance(settleMs);
    expect(await podsOf(cluster)).toHaveLength(2);
    await setPhase(cluster, second as Pod, 'Failed');
    await cluster.simulation.advance(settleMs);
    expect((await podsOf(cluster)).filter(({ status }) => status?.phase !== 'Failed')).toHaveLength(2);
    expect((await statusOf(cluster))?.replicas).toBe(2);
  });

  test('scaled down keeps the pods that are ready', async () => {
    const cluster = await begin({ replicas: 2 });
    await runAll(cluster);
    const ready = names(await podsOf(cluster));
    await scale(cluster, 5);
    expect(await podsOf(cluster)).toHaveLength(5);
    await scale(cluster, 2);
    expect(names(await podsOf(cluster))).toEqual(ready);
    await scale(cluster, 0);
    expect(await podsOf(cluster)).toEqual([]);
  });

  test('adopts a pod of its labels, and lets one go that has others', async () => {
    const cluster = await TestCluster.start(['replicaset-controller']);
    const orphan = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'orphan', namespace: 'default', labels } };
    await cluster.create(podType, { ...orphan, spec: templateOf().spec });
    await cluster.create(replicaSets, setOf({ replicas: 1 }));
    await cluster.simulation.advance(settleMs);
    const adopted = await podsOf(cluster);
    expect(names(adopted)).toEqual(['orphan']);
    expect(adopted[0]?.metadata?.ownerReferences?.[0]).toMatchObject({ kind: 'ReplicaSet', controller: true });
    const relabel = { metadata: { labels: { app: 'other' } } };
    await cluster.run(cluster.client.patch(podType, 'default', 'orphan', 'merge', relabel));
    await cluster.simulation.advance(settleMs);
    const pods = await podsOf(cluster);
    expect(pods).toHaveLength(2);
    expect(pods.find(({ metadata }) => metadata?.name === 'orphan')?.metadata?.ownerReferences).toBeUndefined();
  });

  test('tells why it cannot make pods, tries few of them, and forgets it when it can', async () => {
    const cluster = await begin({ replicas: 8, template: templateOf('web:1', { priorityClassName: 'none' }) as never });
    const why = 'no PriorityClass with name none was found';
    expect((await statusOf(cluster))?.conditions).toEqual([
      expect.objectContaining({ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' }),
    ]);
    expect((await statusOf(cluster))?.conditions?.[0]?.message).toContain(why);
    expect((await cluster.events()).every((event) => event.startsWith('FailedCreate: Error creating: pods '))).toBe(
      true,
    );
    await scale(cluster, 0);
    expect((await statusOf(cluster))?.conditions).toBeUndefined();
  });

  test('counts a pod as available once it has been ready for long enough', async () => {
    const cluster = await begin({ replicas: 1, minReadySeconds: 30 });
    await runAll(cluster);
    await cluster.simulation.advance(20_000);
    expect(await statusOf(cluster)).toMatchObject({ readyReplicas: 1 });
    expect((await statusOf(cluster))?.availableReplicas).toBeUndefined();
    await cluster.simulation.advance(12_000);
    expect((await statusOf(cluster))?.availableReplicas).toBe(1);
  });
});

describe('a ReplicationController', () => {
  test('does the same with a selector of labels alone', async () => {
    const cluster = await TestCluster.start(['replication-controller']);
    const controller = {
      apiVersion: 'v1',
      kind: 'ReplicationController',
      metadata: { name: 'web', namespace: 'default' },
      spec: { replicas: 2, template: templateOf() },
    } as ReplicationController;
    await cluster.create(replicationControllers, controller);
    await cluster.simulation.advance(settleMs);
    const pods = await podsOf(cluster);
    expect(pods.map(({ metadata }) => metadata?.ownerReferences?.[0]?.kind)).toEqual(
      Array(2).fill('ReplicationController'),
    );
    const stored = await cluster.find<ReplicationController>(replicationControllers, 'web');
    expect(stored?.spec?.selector).toEqual(labels);
    expect(stored?.metadata?.labels).toEqual(labels);
    expect(stored?.status).toEqual({ replicas: 2, fullyLabeledReplicas: 2, observedGeneration: 1 });
  });
});
