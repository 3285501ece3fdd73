/**
 * When a run is let go: several attempts, logs that take their time, a gateway that is down. The test plays Kubernetes.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Job } from '../../kubernetes/objects.ts';
import { jobs, pods } from '../../kubernetes/resources.ts';
import { reportFinalizer } from '../task/labels.ts';
import { endPod, finishJob, makePod, runPod } from './testing/play.ts';
import { minute, Rig } from './testing/rig.ts';

let rig: Rig;

beforeEach(async () => {
  rig = await Rig.up();
});

describe('several attempts of one run', () => {
  test('are shipped one after the other into one log', async () => {
    rig.shipper.automatic = false;
    await rig.operator();
    rig.applyTask({ backoffLimit: 1 });
    await rig.simulation.advance(1_000);
    const first = makePod(rig.cluster, 'proj1-report', 1);
    runPod(rig.cluster, rig.clusterWorld, first);
    await rig.simulation.advance(1_000);
    endPod(rig.cluster, rig.clusterWorld, first, 1);
    rig.cluster.patch(jobs, 'default', 'proj1-report', { status: { failed: 1 } });
    const second = makePod(rig.cluster, 'proj1-report', 2);
    runPod(rig.cluster, rig.clusterWorld, second);
    await rig.simulation.advance(1_000);
    expect(rig.shipper.shipped.map(({ pod }) => pod)).toEqual([first]);
    rig.shipper.settle(first);
    await rig.simulation.advance(1_000);
    expect(rig.shipper.shipped.map(({ pod }) => pod)).toEqual([first, second]);
    expect(new Set(rig.shipper.shipped.map(({ folder }) => folder)).size).toBe(1);
    endPod(rig.cluster, rig.clusterWorld, second, 0);
    finishJob(rig.cluster, rig.clusterWorld, 'proj1-report', 'Complete', { succeeded: 1, failed: 1 });
    await rig.simulation.advance(1_000);
    expect(rig.job()?.metadata?.finalizers).toEqual([reportFinalizer]);
    rig.shipper.settle(second);
    await rig.simulation.advance(1_000);
    expect(rig.job()?.metadata?.finalizers).toEqual([]);
    expect(rig.gateway.last('proj1-report')).toMatchObject({ state: 'COMPLETE', logs: { lines: 20, complete: true } });
  });

  test('are not lost when their pod is gone and another operator looks', async () => {
    const first = await rig.operator();
    rig.applyTask({ backoffLimit: 1 });
    await rig.simulation.advance(1_000);
    const failed = makePod(rig.cluster, 'proj1-report', 1);
    runPod(rig.cluster, rig.clusterWorld, failed);
    await rig.simulation.advance(1_000);
    endPod(rig.cluster, rig.clusterWorld, failed, 1);
    rig.cluster.patch(jobs, 'default', 'proj1-report', { status: { failed: 1 } });
    await rig.simulation.advance(1_000);
    first.kill();
    rig.cluster.remove(pods, failed);
    const second = makePod(rig.cluster, 'proj1-report', 2);
    runPod(rig.cluster, rig.clusterWorld, second);
    await rig.operator();
    endPod(rig.cluster, rig.clusterWorld, second, 0);
    finishJob(rig.cluster, rig.clusterWorld, 'proj1-report', 'Complete', { succeeded: 1, failed: 1 });
    await rig.simulation.advance(5_000);
    expect(rig.gateway.last('proj1-report')).toMatchObject({ state: 'COMPLETE', logs: { lines: 20, complete: true } });
  });

  test('that nobody saw are said to be missing', async () => {
    await rig.operator();
    rig.applyTask({ backoffLimit: 1 });
    await rig.simulation.advance(1_000);
    const second = makePod(rig.cluster, 'proj1-report', 2);
    runPod(rig.cluster, rig.clusterWorld, second);
    await rig.simulation.advance(1_000);
    endPod(rig.cluster, rig.clusterWorld, second, 0);
    finishJob(rig.cluster, rig.clusterWorld, 'proj1-report', 'Complete', { succeeded: 1, failed: 1 });
    await rig.simulation.advance(5_000);
    expect(rig.gateway.last('proj1-report')).toMatchObject({
      logs: { complete: false, missing: [{ reason: expect.stringContaining('1 pod(s)') }] },
    });
  });
});

describe('letting go', () => {
  test('waits for the log, and the terminal state does not', async () => {
    rig.shipper.automatic = false;
    await rig.operator();
    rig.applyTask();
    await rig.simulation.advance(1_000);
    await rig.playRun('proj1-report');
    expect(rig.gateway.states('proj1-report')).toEqual(['QUEUED', 'ACTIVE', 'COMPLETE']);
    expect(rig.gateway.last('proj1-report')?.logs).toBeUndefined();
    expect(rig.job()?.metadata?.finalizers).toEqual([reportFinalizer]);
    rig.shipper.settle('proj1-report-1');
    await rig.simulation.advance(1_000);
    expect(rig.gateway.last('proj1-report')?.logs).toMatchObject({ complete: true });
    expect(rig.job()?.metadata?.finalizers).toEqual([]);
  });

  test('happens after a deadline even if the log is not safe, and the record says so', async () => {
    rig.shipper.automatic = false;
    await rig.operator({ safetyDeadlineSeconds: 600 });
    rig.applyTask();
    await rig.simulation.advance(1_000);
    await rig.playRun('proj1-report');
    await rig.simulation.advance(9 * minute);
    expect(rig.job()?.metadata?.finalizers).toEqual([reportFinalizer]);
    await rig.simulation.advance(2 * minute);
    expect(rig.job()?.metadata?.finalizers).toEqual([]);
    expect(rig.gateway.last('proj1-report')).toMatchObject({
      state: 'COMPLETE',
      logs: { complete: false, missing: [{ afterLine: 0, reason: expect.stringContaining('given up') }] },
    });
  });

  test('reads the pods live when the view of pods lags behind the Job', async () => {
    rig.shipper.automatic = false;
    await rig.operator();
    rig.applyTask();
    await rig.simulation.advance(1_000);
    const pod = makePod(rig.cluster, 'proj1-report');
    await rig.simulation.advance(1_000);
    // The pod has run and ended; of this the operator hears through the Job first.
    endPod(rig.cluster, rig.clusterWorld, pod, 0);
    finishJob(rig.cluster, rig.clusterWorld, 'proj1-report', 'Complete', { succeeded: 1 });
    await rig.simulation.advance(1_000);
    expect(rig.shipper.shipped.map((run) => run.pod)).toEqual([pod]);
    expect(rig.job()?.metadata?.finalizers).toEqual([reportFinalizer]);
  });
});

describe('the gateway down for five minutes', () => {
  test('costs no record and no terminal state, and the rate stays bounded', async () => {
    await rig.operator({ reports: { requestsPerSecond: 5 } });
    rig.gateway.isDown = true;
    const names = Array.from({ length: 20 }, (_, index) => `proj1-task-${index}`);
    for (const name of names) rig.applyTask({}, name);
    await rig.simulation.advance(1_000);
    for (const name of names) {
      const pod = makePod(rig.cluster, name);
      runPod(rig.cluster, rig.clusterWorld, pod);
    }
    await rig.simulation.advance(2_000);
    for (const name of names) {
      endPod(rig.cluster, rig.clusterWorld, `${name}-1`, 0);
      finishJob(rig.cluster, rig.clusterWorld, name, 'Complete', { succeeded: 1 });
    }
    await rig.simulation.advance(5 * minute);
    expect(rig.gateway.posts).toEqual([]);
    expect(rig.cluster.all<Job>(jobs).every((job) => job.metadata?.finalizers?.length === 1)).toBe(true);
    rig.gateway.isDown = false;
    await rig.simulation.advance(3 * minute);
    for (const name of names) {
      expect(rig.gateway.states(name)).toEqual(['COMPLETE']);
      expect(rig.gateway.last(name)?.skippedStates).toBe(2);
    }
    expect(rig.cluster.all<Job>(jobs).every((job) => job.metadata?.finalizers?.length === 0)).toBe(true);
    for (const at of rig.gateway.requestsAt) {
      expect(rig.gateway.requestsAt.filter((other) => other >= at && other < at + 1000).length).toBeLessThanOrEqual(6);
    }
  });
});
