/**
 * The scheduler on the simulated API server: binding, what it writes about pods without a place, and when it tries
 * again.
 */
import { expect, test } from 'vitest';
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import type { Node, Pod } from '../../../kubernetes/objects.ts';
import { events as eventType, nodes as nodeType, pods as podType } from '../../../kubernetes/resources.ts';
import { Simulation } from '../../../world/simulated/simulation.ts';
import { makeDefaultAccount } from '../../apiserver/default-account.fixture.ts';
import { ApiServer } from '../../apiserver/server.ts';
import { Scheduler } from './scheduler.ts';

test('a pod is bound to a node with room, and an event says so', async () => {
  const cluster = await start();
  await cluster.createNode('node', '1');
  await cluster.createPod('a', '500m');
  await cluster.simulation.advance(1_000);
  const pod = await cluster.pod('a');
  expect(pod.spec?.nodeName).toBe('node');
  expect(pod.status?.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }]);
  expect(await cluster.events()).toEqual(['Scheduled: Successfully assigned default/a to node']);
});

test('two pods never take the same last room, though the watch lags behind the binding', async () => {
  const cluster = await start({ watchLagMs: { minimum: 2_000, maximum: 3_000 } });
  await cluster.createNode('node', '1');
  await cluster.createPod('a', '600m');
  await cluster.createPod('b', '600m');
  await cluster.simulation.advance(20_000);
  const bound = [await cluster.pod('a'), await cluster.pod('b')].filter((pod) => pod.spec?.nodeName === 'node');
  expect(bound).toHaveLength(1);
});

test('a pod without a place says why once, and is placed when a node comes', async () => {
  const cluster = await start();
  await cluster.createPod('a', '500m');
  await cluster.simulation.advance(60_000);
  expect((await cluster.pod('a')).status?.conditions).toMatchObject([
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no nodes available to schedule pods' },
  ]);
  expect(await cluster.events()).toEqual(['FailedScheduling: no nodes available to schedule pods']);
  await cluster.createNode('node', '1');
  await cluster.simulation.advance(1_000);
  expect((await cluster.pod('a')).spec?.nodeName).toBe('node');
});

test('a pod without a place is placed when another pod ends, or is gone', async () => {
  const cluster = await start();
  await cluster.createNode('node', '1');
  for (const name of ['a', 'b', 'c']) {
    await cluster.createPod(name, '1');
    await cluster.simulation.advance(1_000);
  }
  expect((await cluster.pod('b')).spec?.nodeName).toBeUndefined();
  await cluster.client.patch(
    podType,
    'default',
    'a',
    'merge',
    { status: { phase: 'Succeeded' } },
    { subresource: 'status' },
  );
  await cluster.simulation.advance(15_000);
  expect((await cluster.pod('b')).spec?.nodeName).toBe('node');
  expect((await cluster.pod('c')).spec?.nodeName).toBeUndefined();
  await cluster.client.delete(podType, 'default', 'b', { gracePeriodSeconds: 0 });
  await cluster.simulation.advance(15_000);
  expect((await cluster.pod('c')).spec?.nodeName).toBe('node');
});

test('a heartbeat of a node makes nobody try again', async () => {
  const cluster = await start();
  await cluster.createNode('node', '1');
  await cluster.createPod('a', '2');
  await cluster.simulation.advance(30_000);
  const before = (await cluster.events()).length;
  const conditions = [{ type: 'Ready', status: 'True', lastHeartbeatTime: '2026-01-01T00:00:30Z' }];
  await cluster.client.patch(
    nodeType,
    undefined,
    'node',
    'merge',
    { status: { conditions } },
    { subresource: 'status' },
  );
  await cluster.simulation.advance(30_000);
  expect(await cluster.events()).toHaveLength(before);
  expect((await cluster.pod('a')).spec?.nodeName).toBeUndefined();
});

test('pods of another scheduler, with gates, or being deleted are left alone', async () => {
  const cluster = await start();
  await cluster.createNode('node', '1');
  await cluster.createPod('other', '1m', { schedulerName: 'mine' });
  await cluster.createPod('gated', '1m', { schedulingGates: [{ name: 'example.com/wait' }] });
  await cluster.simulation.advance(5_000);
  expect((await cluster.pod('other')).spec?.nodeName).toBeUndefined();
  expect((await cluster.pod('gated')).spec?.nodeName).toBeUndefined();
});

interface Cluster {
  readonly simulation: Simulation;
  readonly client: KubernetesClient;
  createNode(name: string, cpu: string): Promise<void>;
  createPod(name: string, cpu: string, spec?: Partial<NonNullable<Pod['spec']>>): Promise<void>;
  pod(name: string): Promise<Pod>;
  /** `Reason: message`, sorted. */
  events(): Promise<string[]>;
}

async function start(options: { watchLagMs?: { minimum: number; maximum: number } } = {}): Promise<Cluster> {
  const simulation = new Simulation({ seed: 1, startAt: Date.UTC(2026, 0, 1) });
  const server = new ApiServer({ world: simulation.process('apiserver'), ...options });
  const client = server.client('test');
  await simulation.run(makeDefaultAccount(client));
  const scheduler = new Scheduler({ world: simulation.process('controllers'), client: server.client('scheduler') });
  await simulation.run(scheduler.start());
  return {
    simulation,
    client,
    createNode: async (name, cpu) => {
      const capacity = { cpu, memory: '1Gi', pods: '10' };
      const status = { capacity, allocatable: capacity };
      await client.create<Node>(nodeType, undefined, { metadata: { name }, spec: {} });
      await client.patch<Node>(nodeType, undefined, name, 'merge', { spec: { taints: null } });
      await client.patch<Node>(nodeType, undefined, name, 'merge', { status }, { subresource: 'status' });
      // The scheduler has seen it then.
      await simulation.advance(20);
    },
    createPod: async (name, cpu, spec = {}) => {
      const containers = [{ name: 'main', image: 'main', resources: { requests: { cpu } } }];
      await client.create<Pod>(podType, 'default', {
        metadata: { name, namespace: 'default' },
        spec: { containers, ...spec },
      });
    },
    pod: (name) => client.get<Pod>(podType, 'default', name),
    events: async () => {
      const list = await client.list(eventType, { namespace: 'default' });
      const found = list.items as unknown as { reason: string; message: string }[];
      return found.map(({ reason, message }) => `${reason}: ${message}`).sort();
    },
  };
}
