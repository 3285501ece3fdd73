/** All controllers together on the simulated API server. */
import { describe, expect, test } from 'vitest';
import type { CronJob, Node, Pod } from '../../kubernetes/objects.ts';
import { cronJobs, jobs, nodes, pods } from '../../kubernetes/resources.ts';
import { controllerNames } from './control-plane.ts';
import { podTemplate, TestCluster } from './test-cluster.ts';

const cronJob: CronJob = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'tick', namespace: 'default' },
  spec: { schedule: '* * * * *', jobTemplate: { spec: { template: podTemplate } } },
};

const node: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node' } };
const room = { cpu: '4', memory: '8Gi', pods: '110' };
const ready = { capacity: room, allocatable: room, conditions: [{ type: 'Ready', status: 'True' }] };

async function begin(names = controllerNames): Promise<TestCluster> {
  const cluster = await TestCluster.start(names, Date.UTC(2026, 0, 1, 10, 0, 30));
  await cluster.create(nodes, node);
  // A new node carries a taint that its agent lifts.
  await cluster.run(cluster.client.patch(nodes, undefined, 'node', 'merge', { spec: { taints: null } }));
  const subresource = 'status';
  await cluster.run(cluster.client.patch(nodes, undefined, 'node', 'merge', { status: ready }, { subresource }));
  await cluster.create(cronJobs, cronJob);
  await cluster.advanceTo('2026-01-01T10:01:05Z');
  return cluster;
}

describe('the control plane', () => {
  test('makes a CronJob a Job and the Job a pod on a node', async () => {
    const cluster = await begin();
    const [job] = await cluster.list(jobs);
    const [pod, ...more] = await cluster.list<Pod>(pods);
    expect(more).toEqual([]);
    expect(pod?.metadata?.ownerReferences?.[0]?.uid).toBe(job?.metadata?.uid);
    expect(pod?.spec?.nodeName).toBe('node');
  });

  test('removes the Jobs and, once their agent has let them go, the pods of a CronJob that is deleted', async () => {
    const cluster = await begin();
    await cluster.run(cluster.client.delete(cronJobs, 'default', 'tick'));
    await cluster.simulation.advance(5_000);
    expect(await cluster.names(jobs)).toEqual([]);
    for (const name of await cluster.names(pods)) {
      await cluster.run(cluster.client.delete(pods, 'default', name, { gracePeriodSeconds: 0 }));
    }
    await cluster.simulation.advance(5_000);
    expect(await cluster.names(pods)).toEqual([]);
  });

  test('does nothing for Deployments and their like where there are none', async () => {
    const late = ['deployment-controller', 'replicaset-controller', 'replication-controller'];
    const [all, without] = [await begin(), await begin(controllerNames.filter((name) => !late.includes(name)))];
    for (const cluster of [all, without]) await cluster.simulation.advance(300_000);
    expect(all.simulation.trace.hash()).toBe(without.simulation.trace.hash());
  });

  test('replays: the same seed gives the same trace', async () => {
    const hashes: string[] = [];
    for (let run = 0; run < 2; run++) {
      const cluster = await begin();
      await cluster.simulation.advance(300_000);
      hashes.push(cluster.simulation.trace.hash());
    }
    expect(hashes[0]).toBe(hashes[1]);
  });
});
