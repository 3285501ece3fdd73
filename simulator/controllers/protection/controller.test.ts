/** Protection of claims, volumes and their classes, on the simulated API server. */
import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { pods } from '../../../kubernetes/resources.ts';
import { podTemplate, TestCluster } from '../test-cluster.ts';
import { protectedClaims, protectedVolumes } from './kinds.ts';

const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'claim', namespace: 'default' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
} as KubernetesObject;

const begin = () =>
  TestCluster.start(['persistentvolumeclaim-protection-controller', 'persistentvolume-protection-controller']);

const remove = (cluster: TestCluster) =>
  cluster.run(cluster.client.delete(protectedClaims.type, 'default', 'claim', {}));

describe('a deleted claim', () => {
  test('goes when no pod uses it', async () => {
    const cluster = await begin();
    await cluster.create(protectedClaims.type, claim);
    await remove(cluster);
    await cluster.simulation.advance(1_000);
    expect(await cluster.names(protectedClaims.type)).toEqual([]);
  });

  test('stays while a pod on a node uses it, and goes when the pod has gone', async () => {
    const cluster = await begin();
    await cluster.create(protectedClaims.type, claim);
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'claim' } }];
    await cluster.create(pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'user', namespace: 'default' },
      spec: { ...podTemplate.spec, nodeName: 'node', volumes },
    } as KubernetesObject);
    await remove(cluster);
    await cluster.simulation.advance(5_000);
    expect(await cluster.names(protectedClaims.type)).toEqual(['claim']);
    await cluster.run(cluster.client.delete(pods, 'default', 'user', { gracePeriodSeconds: 0 }));
    await cluster.simulation.advance(3_000);
    expect(await cluster.names(protectedClaims.type)).toEqual([]);
  });
});

test('a deleted volume goes unless it is bound', async () => {
  const cluster = await begin();
  const { type } = protectedVolumes;
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'volume' },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/tmp/a' } },
  } as KubernetesObject;
  await cluster.run(cluster.client.create(type, undefined, volume));
  await cluster.run(
    cluster.client.patch(type, undefined, 'volume', 'merge', { status: { phase: 'Bound' } }, { subresource: 'status' }),
  );
  await cluster.run(cluster.client.delete(type, undefined, 'volume', {}));
  await cluster.simulation.advance(3_000);
  expect((await cluster.run(cluster.client.list(type, {}))).items).toHaveLength(1);
  await cluster.run(
    cluster.client.patch(
      type,
      undefined,
      'volume',
      'merge',
      { status: { phase: 'Released' } },
      { subresource: 'status' },
    ),
  );
  await cluster.simulation.advance(3_000);
  expect((await cluster.run(cluster.client.list(type, {}))).items).toHaveLength(0);
});
