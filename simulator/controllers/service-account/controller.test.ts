import { expect, test } from 'vitest';
import { configMaps, namespaces, serviceAccounts } from '../../../kubernetes/resources.ts';
import { TestCluster } from '../test-cluster.ts';

test('each namespace gets the account "default" and the authority\'s certificate, again when they are deleted', async () => {
  const cluster = await TestCluster.start(['service-account-controller']);
  await cluster.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'new' } });
  await cluster.simulation.advance(1_000);
  for (const namespace of ['default', 'kube-system', 'new']) {
    expect(await cluster.names(serviceAccounts, namespace)).toEqual(['default']);
    expect(await cluster.names(configMaps, namespace)).toEqual(['kube-root-ca.crt']);
  }
  await cluster.run(cluster.client.delete(serviceAccounts, 'new', 'default'));
  await cluster.run(cluster.client.delete(configMaps, 'new', 'kube-root-ca.crt'));
  await cluster.simulation.advance(1_000);
  expect(await cluster.names(serviceAccounts, 'new')).toEqual(['default']);
  expect(await cluster.names(configMaps, 'new')).toEqual(['kube-root-ca.crt']);
});

test('a namespace that ends gets nothing any more', async () => {
  const cluster = await TestCluster.start(['service-account-controller']);
  await cluster.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'new' } });
  await cluster.simulation.advance(1_000);
  await cluster.run(cluster.client.delete(namespaces, undefined, 'new'));
  await cluster.run(cluster.client.delete(serviceAccounts, 'new', 'default'));
  await cluster.simulation.advance(5_000);
  expect(await cluster.names(serviceAccounts, 'new')).toEqual([]);
});
