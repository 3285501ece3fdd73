/** The pod garbage collector on the simulated API server (semantics 5.4). */
import { describe, expect, test } from 'vitest';
import type { Node, Pod } from '../../../kubernetes/objects.ts';
import { nodes, pods } from '../../../kubernetes/resources.ts';
import { podTemplate, TestCluster } from '../test-cluster.ts';

const node: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node' } };

async function begin(finalizers?: string[]): Promise<TestCluster> {
  const cluster = await TestCluster.start(['pod-garbage-collector']);
  await cluster.create(nodes, node);
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'pod', namespace: 'default', ...(finalizers ? { finalizers } : {}) },
    spec: { ...podTemplate.spec, nodeName: 'node' },
  };
  await cluster.create(pods, pod);
  return cluster;
}

describe('a pod', () => {
  test('stays while its node is there', async () => {
    const cluster = await begin();
    await cluster.simulation.advance(200_000);
    expect(await cluster.names(pods)).toEqual(['pod']);
  });

  test('is removed one to one and a half minutes after its node, not before 40 seconds', async () => {
    const cluster = await begin();
    await cluster.run(cluster.client.delete(nodes, undefined, 'node'));
    await cluster.simulation.advance(40_000);
    expect(await cluster.names(pods)).toEqual(['pod']);
    await cluster.simulation.advance(45_000);
    expect(await cluster.names(pods)).toEqual([]);
  });

  test('is marked Failed before it is removed, with the reason', async () => {
    const cluster = await begin(['test.dev/hold']);
    await cluster.run(cluster.client.delete(nodes, undefined, 'node'));
    await cluster.simulation.advance(85_000);
    const pod = await cluster.find<Pod>(pods, 'pod');
    expect(pod?.status?.phase).toBe('Failed');
    expect(pod?.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC' }),
    );
  });

  test('stays if its node comes back in time', async () => {
    const cluster = await begin();
    await cluster.run(cluster.client.delete(nodes, undefined, 'node'));
    await cluster.simulation.advance(30_000);
    await cluster.create(nodes, node);
    await cluster.simulation.advance(120_000);
    expect(await cluster.names(pods)).toEqual(['pod']);
  });
});
