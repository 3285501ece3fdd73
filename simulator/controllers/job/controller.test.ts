/**
 * The Job controller on the simulated API server; times and orders are those seen on a real cluster (semantics 3.9).
 */
import { describe, expect, test } from 'vitest';
import type { Job, JobStatus, Pod } from '../../../kubernetes/objects.ts';
import { jobs as jobType, pods as podType } from '../../../kubernetes/resources.ts';
import { hasTrackingFinalizer } from './facts.ts';
import { JobCluster } from './job-cluster.fixture.ts';

describe('a Job that succeeds', () => {
  test('ends in two writes: SuccessCriteriaMet with the uncounted pod, then Complete with the counter', async () => {
    const cluster = await JobCluster.start();
    await cluster.createJob({});
    await cluster.simulation.advance(100);
    await cluster.end(await onlyPod(cluster), 0);
    await cluster.simulation.advance(2_000);

    const ends = cluster.jobVersions.filter((version) => version.status?.conditions !== undefined);
    expect(ends.map(({ status }) => [conditionTypes(status), uncounted(status), status?.succeeded ?? 0])).toEqual([
      [['SuccessCriteriaMet'], 1, 0],
      [['SuccessCriteriaMet', 'Complete'], 0, 1],
    ]);
    expect(ends.at(-1)?.status?.completionTime).toBeDefined();
    expect((await cluster.pods()).map(hasTrackingFinalizer)).toEqual([false]);
    expect(await cluster.eventReasons()).toEqual(['SuccessfulCreate', 'Completed']);
  });

  test('is looked at one second after its pods have changed, however often they did', async () => {
    const cluster = await JobCluster.start();
    await cluster.createJob({ parallelism: 3, completions: 3 });
    await cluster.simulation.advance(3_000);
    const before = cluster.jobVersions.length;
    for (const pod of await cluster.activePods()) {
      await cluster.end(pod, 0);
      await cluster.simulation.advance(200);
    }
    expect(cluster.jobVersions.length).toBe(before);
    await cluster.simulation.advance(1_000);
    expect(cluster.jobVersions.length).toBe(before + 2);
    expect((await cluster.job()).status).toMatchObject({ succeeded: 3 });
  });
});

describe('a Job that fails', () => {
  test('replaces its pods 10 s and 20 s after the last finish and gives up after backoffLimit + 1', async () => {
    const cluster = await JobCluster.start();
    await cluster.createJob({ backoffLimit: 2 });
    await cluster.simulation.advance(500);
    await cluster.end(await onlyPod(cluster), 1);
    expect(await secondsUntilPod(cluster)).toBeCloseTo(9.5, 0);
    await cluster.end(await onlyPod(cluster), 1);
    expect(await secondsUntilPod(cluster)).toBeCloseTo(20, 0);
    await cluster.end(await onlyPod(cluster), 1);
    await cluster.simulation.advance(60_000);

    const { status } = await cluster.job();
    expect(status).toMatchObject({ failed: 3 });
    expect(status?.completionTime).toBeUndefined();
    expect(conditionTypes(status)).toEqual(['FailureTarget', 'Failed']);
    expect(await cluster.eventReasons()).toContain('BackoffLimitExceeded');
    expect(await cluster.pods()).toHaveLength(3);
  });

  test('counts a pod deleted by hand within a second and replaces it 10 s after the request', async () => {
    const cluster = await JobCluster.start();
    await cluster.createJob({});
    await cluster.simulation.advance(2_000);
    await cluster.deletePod(await onlyPod(cluster));
    await cluster.simulation.advance(1_500);
    expect((await cluster.job()).status).toMatchObject({ failed: 1 });
    expect(await secondsUntilPod(cluster)).toBeCloseTo(8.5, 0);
  });

  test('ends at its deadline, and the pods that still run count as failed', async () => {
    const cluster = await JobCluster.start();
    await cluster.createJob({ activeDeadlineSeconds: 3 });
    await cluster.simulation.advance(100);
    await cluster.run(await onlyPod(cluster));
    await cluster.simulation.advance(2_800);
    expect(conditionTypes((await cluster.job()).status)).toEqual([]);
    await cluster.simulation.advance(2_000);
    const { status } = await cluster.job();
    expect(status).toMatchObject({ failed: 1, conditions: [{ reason: 'DeadlineExceeded' }, { type: 'Failed' }] });
    expect(await cluster.pods()).toEqual([]);
  });
});

describe('suspension', () => {
  test('removes pods without counting them, clears the start time, and starts anew on resume', async () => {
    const cluster = await JobCluster.start();
    await cluster.createJob({ parallelism: 2, completions: 2 });
    await cluster.simulation.advance(2_000);
    await cluster.patchJob({ suspend: true });
    await cluster.simulation.advance(3_000);
    const suspended = (await cluster.job()).status;
    expect(suspended).toMatchObject({ conditions: [{ type: 'Suspended', status: 'True', reason: 'JobSuspended' }] });
    expect([suspended?.startTime, suspended?.failed, suspended?.active]).toEqual([undefined, undefined, undefined]);
    expect(await cluster.pods()).toEqual([]);

    await cluster.patchJob({ suspend: false });
    await cluster.simulation.advance(3_000);
    const resumed = (await cluster.job()).status;
    expect(resumed).toMatchObject({
      active: 2,
      conditions: [{ type: 'Suspended', status: 'False', reason: 'JobResumed' }],
    });
    expect(resumed?.startTime).toBe('2026-01-01T00:00:05Z');
    expect(await cluster.eventReasons()).toEqual(expect.arrayContaining(['Suspended', 'Resumed']));
  });
});

describe('ownership', () => {
  test('an orphan that the selector matches is adopted and counted, one whose label goes is released', async () => {
    const cluster = await JobCluster.start();
    const labels = { app: 'mine' };
    await cluster.client.create<Pod>(podType, 'default', {
      metadata: { name: 'stray', namespace: 'default', labels },
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'main' }] },
    });
    await cluster.createJob({ manualSelector: true, selector: { matchLabels: labels } }, labels);
    await cluster.simulation.advance(2_000);
    const stray = await onlyPod(cluster);
    expect(stray.metadata?.name).toBe('stray');
    expect(stray.metadata?.ownerReferences).toMatchObject([{ kind: 'Job', name: 'job', controller: true }]);
    expect(hasTrackingFinalizer(stray)).toBe(true);

    await cluster.client.patch(podType, 'default', 'stray', 'merge', { metadata: { labels: { app: 'other' } } });
    await cluster.simulation.advance(3_000);
    const [released, replacement] = await byOwner(cluster);
    expect(released).toMatchObject({ metadata: { name: 'stray' } });
    expect(released && hasTrackingFinalizer(released)).toBe(false);
    expect(replacement?.metadata?.generateName).toBe('job-');
  });

  test('pods of a deleted Job lose the finalizer, whatever they do', async () => {
    const cluster = await JobCluster.start();
    await cluster.createJob({});
    await cluster.simulation.advance(2_000);
    await cluster.run(await onlyPod(cluster));
    await cluster.client.delete(jobType, 'default', 'job', { propagationPolicy: 'Background' });
    await cluster.simulation.advance(2_000);
    expect((await cluster.pods()).map(hasTrackingFinalizer)).toEqual([false]);
  });

  test('a Job of another manager is left alone', async () => {
    const cluster = await JobCluster.start();
    await cluster.createJob({ managedBy: 'example.com/other' });
    await cluster.simulation.advance(5_000);
    expect(await cluster.pods()).toEqual([]);
    expect((await cluster.job()).status).toEqual({});
  });
});

async function onlyPod(cluster: JobCluster): Promise<Pod> {
  const active = await cluster.activePods();
  expect(active).toHaveLength(1);
  return active[0] ?? {};
}

/** Pods without an owner first. */
async function byOwner(cluster: JobCluster): Promise<Pod[]> {
  const owned = (pod: Pod) => Number(pod.metadata?.ownerReferences?.length ?? 0);
  return (await cluster.pods()).toSorted((a, b) => owned(a) - owned(b));
}

async function secondsUntilPod(cluster: JobCluster): Promise<number> {
  const start = cluster.second;
  while ((await cluster.activePods()).length === 0 && cluster.second - start < 100)
    await cluster.simulation.advance(100);
  return cluster.second - start;
}

function conditionTypes(status: JobStatus | undefined): string[] {
  return (status?.conditions ?? []).map((condition) => condition.type);
}

function uncounted(status: Job['status']): number {
  const lists = status?.uncountedTerminatedPods;
  return (lists?.succeeded?.length ?? 0) + (lists?.failed?.length ?? 0);
}
