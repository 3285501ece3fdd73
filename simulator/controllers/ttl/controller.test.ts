/** The TTL controller on the simulated API server (semantics 5.1). */
import { describe, expect, test } from 'vitest';
import type { Job } from '../../../kubernetes/objects.ts';
import { jobs } from '../../../kubernetes/resources.ts';
import type { ControllerName } from '../control-plane.ts';
import { podTemplate, TestCluster } from '../test-cluster.ts';

const both: readonly ControllerName[] = ['ttl-after-finished-controller', 'generic-garbage-collector'];

async function begin(ttlSecondsAfterFinished: number | undefined, only = both): Promise<TestCluster> {
  const cluster = await TestCluster.start(only);
  const job: Job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'job', namespace: 'default' },
    spec: { template: podTemplate, ...(ttlSecondsAfterFinished === undefined ? {} : { ttlSecondsAfterFinished }) },
  };
  await cluster.create(jobs, job);
  return cluster;
}

const setTtl = (cluster: TestCluster, ttlSecondsAfterFinished: number) =>
  cluster.run(cluster.client.patch(jobs, 'default', 'job', 'merge', { spec: { ttlSecondsAfterFinished } }));

describe('a Job with a time to live', () => {
  test.each(['Complete', 'Failed'] as const)('is deleted so long after it became %s', async (condition) => {
    const cluster = await begin(10);
    await cluster.simulation.advance(30_000);
    await cluster.finish('job', condition);
    await cluster.simulation.advance(8_500);
    expect(await cluster.names(jobs)).toEqual(['job']);
    await cluster.simulation.advance(2_000);
    expect(await cluster.names(jobs)).toEqual([]);
  });

  test('of 0 is deleted at once when it finishes', async () => {
    const cluster = await begin(0);
    await cluster.finish('job');
    await cluster.simulation.advance(1_500);
    expect(await cluster.names(jobs)).toEqual([]);
  });

  test('that it got later counts from its end', async () => {
    const cluster = await begin(undefined);
    await cluster.finish('job');
    await cluster.simulation.advance(60_000);
    expect(await cluster.names(jobs)).toEqual(['job']);
    await setTtl(cluster, 30);
    await cluster.simulation.advance(1_000);
    expect(await cluster.names(jobs)).toEqual([]);
  });

  test('that is made longer lives longer', async () => {
    const cluster = await begin(10);
    await cluster.finish('job');
    await cluster.simulation.advance(5_000);
    await setTtl(cluster, 40);
    await cluster.simulation.advance(20_000);
    expect(await cluster.names(jobs)).toEqual(['job']);
    await cluster.simulation.advance(20_000);
    expect(await cluster.names(jobs)).toEqual([]);
  });

  test('that lasts longer than any timer is waited for', async () => {
    const cluster = await begin(40 * 86_400, ['ttl-after-finished-controller']);
    await cluster.finish('job');
    const isDeleted = async () => (await cluster.find(jobs, 'job'))?.metadata?.deletionTimestamp !== undefined;
    await cluster.advanceTo('2026-02-09T23:59:50Z');
    expect(await isDeleted()).toBe(false);
    await cluster.advanceTo('2026-02-10T00:00:10Z');
    expect(await isDeleted()).toBe(true);
  });
});
