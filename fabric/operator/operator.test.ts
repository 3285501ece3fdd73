/**
 * What becomes of a one-time Task, of a Task that cannot be carried out, and of finished ones. The test plays
 * Kubernetes.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { cronJobs, jobs, pods } from '../../kubernetes/resources.ts';
import { reportedAnnotation, reportFinalizer } from '../task/labels.ts';
import { type Task, type TaskPool, taskPools, tasks } from '../task/task.ts';
import { endPod, makePod, runPod } from './testing/play.ts';
import { minute, Rig, startAt } from './testing/rig.ts';

let rig: Rig;

beforeEach(async () => {
  rig = await Rig.up();
});

describe('a one-time Task', () => {
  test('becomes a Job, is reported at each transition, and is let go when its log is safe', async () => {
    await rig.operator();
    rig.applyTask({ payload: '{"n":1}' });
    await rig.simulation.advance(1_000);
    expect(rig.job()?.metadata?.finalizers).toEqual([reportFinalizer]);
    expect(rig.task()?.status).toMatchObject({ state: 'QUEUED', jobName: 'proj1-report' });
    await rig.playRun('proj1-report');
    expect(rig.gateway.states('proj1-report')).toEqual(['QUEUED', 'ACTIVE', 'COMPLETE']);
    expect(rig.gateway.last('proj1-report')).toMatchObject({
      name: 'proj1-report',
      uid: rig.job()?.metadata?.uid,
      projectId: 'proj1',
      skillName: 'cortex/report',
      jobType: 'onetime',
      state: 'COMPLETE',
      status: 'COMPLETE',
      exitCode: 0,
      payload: '{"n":1}',
      skippedStates: 0,
      logs: { key: `tasks/proj1-report-${startAt / minute}/log.txt`, lines: 10, complete: true, missing: [] },
    });
    expect(rig.task()?.status).toMatchObject({ state: 'COMPLETE', exitCode: 0, statusReason: 'Completed' });
    expect(rig.job()?.metadata?.finalizers).toEqual([]);
    expect(JSON.parse(rig.job()?.metadata?.annotations?.[reportedAnnotation] ?? '')).toEqual({
      state: 'COMPLETE',
      arrived: true,
    });
  });

  test('costs few writes: the Job, three states of the Task, and letting go', async () => {
    await rig.operator();
    rig.applyTask();
    await rig.simulation.advance(1_000);
    await rig.playRun('proj1-report');
    expect(rig.writes()).toEqual([
      'create jobs proj1-report',
      'patch/status tasks proj1-report',
      'patch/status tasks proj1-report',
      'patch/status tasks proj1-report',
      'patch jobs proj1-report',
    ]);
  });

  test('that fails is FAILED with its exit code and the reason', async () => {
    await rig.operator();
    rig.applyTask();
    await rig.simulation.advance(1_000);
    await rig.playRun('proj1-report', 3);
    expect(rig.gateway.last('proj1-report')).toMatchObject({
      state: 'FAILED',
      exitCode: 3,
      statusReason: 'BackoffLimitExceeded: Job has reached the specified backoff limit; exit code 3',
    });
  });

  test('never gets a second Job, though its Job is gone and the view is old', async () => {
    await rig.operator();
    rig.applyTask();
    await rig.simulation.advance(1_000);
    await rig.playRun('proj1-report');
    rig.cluster.remove(jobs, 'proj1-report');
    await rig.simulation.advance(1_000);
    await rig.operator();
    rig.cluster.patch(tasks, 'default', 'proj1-report', { metadata: { labels: { a: 'b' } } });
    await rig.simulation.advance(minute);
    expect(rig.cluster.calls.filter((call) => call.startsWith('create jobs'))).toHaveLength(1);
    expect(rig.task()?.status?.state).toBe('COMPLETE');
  });

  test('whose name a CronJob has is refused: the CronJob controller would take its Job for a run', async () => {
    await rig.operator();
    rig.cluster.create(cronJobs, { metadata: { name: 'proj1-report', namespace: 'default' } });
    rig.applyTask();
    await rig.simulation.advance(1_000);
    expect(rig.job()).toBeUndefined();
    expect(rig.condition('Accepted')).toMatchObject({ status: 'False', reason: 'NameTaken' });
    rig.cluster.remove(cronJobs, 'proj1-report');
    await rig.simulation.advance(2 * minute);
    expect(rig.job()).toBeDefined();
    expect(rig.condition('Accepted')?.status).toBe('True');
  });

  test('whose name a foreign Job has is refused, and the Job left alone', async () => {
    await rig.operator();
    rig.cluster.create(jobs, { metadata: { name: 'proj1-report', namespace: 'default' } });
    rig.applyTask();
    await rig.simulation.advance(1_000);
    expect(rig.condition('Accepted')).toMatchObject({ reason: 'NameTaken' });
    expect(rig.job()?.metadata?.finalizers).toBeUndefined();
    expect(rig.gateway.posts).toEqual([]);
  });

  test('that is deleted while it runs is CANCELLED: its pod is ended, its log shipped, then it is let go', async () => {
    rig.shipper.automatic = false;
    await rig.operator();
    rig.applyTask();
    await rig.simulation.advance(1_000);
    const pod = makePod(rig.cluster, 'proj1-report');
    runPod(rig.cluster, rig.clusterWorld, pod);
    await rig.simulation.advance(1_000);
    rig.cluster.delete(tasks, 'default', 'proj1-report');
    rig.cluster.delete(jobs, 'default', 'proj1-report');
    await rig.simulation.advance(1_000);
    expect(rig.cluster.calls).toContain(`delete pods ${pod}`);
    expect(rig.gateway.last('proj1-report')).toMatchObject({ state: 'CANCELLED' });
    expect(rig.job()).toBeDefined();
    endPod(rig.cluster, rig.clusterWorld, pod, 143);
    rig.shipper.settle(pod);
    await rig.simulation.advance(1_000);
    expect(rig.job()).toBeUndefined();
    expect(rig.gateway.last('proj1-report')).toMatchObject({
      state: 'CANCELLED',
      exitCode: 143,
      logs: { complete: true },
    });
    expect(new Set(rig.gateway.states('proj1-report'))).toEqual(new Set(['QUEUED', 'ACTIVE', 'CANCELLED']));
  });
});

test('how a pod ended is known also when it has gone before anybody looked', async () => {
  await rig.operator();
  rig.applyTask();
  await rig.simulation.advance(1_000);
  const pod = makePod(rig.cluster, 'proj1-report');
  runPod(rig.cluster, rig.clusterWorld, pod);
  await rig.simulation.advance(1_000);
  rig.cluster.delete(jobs, 'default', 'proj1-report');
  endPod(rig.cluster, rig.clusterWorld, pod, 143);
  rig.cluster.remove(pods, pod);
  await rig.simulation.advance(10_000);
  expect(rig.gateway.last('proj1-report')).toMatchObject({
    state: 'CANCELLED',
    exitCode: 143,
    statusReason: 'Deleted: exit code 143',
    logs: { complete: true },
  });
  const [shipped] = rig.shipper.shipped;
  expect(shipped?.end?.()).toEqual({ finishedAt: startAt + 2_000, restarts: 0 });
});

describe('without a gateway', () => {
  test("the task pool's history limits hold for one-time Tasks", async () => {
    await rig.operator({ gatewayUrl: undefined });
    const limits = { successfulTasksHistoryLimit: 2, failedTasksHistoryLimit: 1 };
    rig.cluster.create<TaskPool>(taskPools, { metadata: { name: 'small', namespace: 'default' }, spec: limits });
    for (let index = 0; index < 4; index += 1) {
      const name = `proj1-task-${index}`;
      rig.applyTask({ taskPool: 'small' }, name);
      await rig.simulation.advance(1_000);
      await rig.playRun(name, index === 0 ? 1 : 0);
    }
    expect(rig.cluster.all<Task>(tasks).map((task) => task.metadata?.name)).toEqual([
      'proj1-task-0',
      'proj1-task-2',
      'proj1-task-3',
    ]);
    expect(rig.gateway.posts).toEqual([]);
  });

  test('nothing leaves the cluster when the pool says persistTasks: false', async () => {
    await rig.operator();
    rig.cluster.create<TaskPool>(taskPools, {
      metadata: { name: 'local', namespace: 'default' },
      spec: { persistTasks: false },
    });
    rig.applyTask({ taskPool: 'local' });
    await rig.simulation.advance(1_000);
    await rig.playRun('proj1-report');
    expect(rig.gateway.posts).toEqual([]);
    expect(rig.shipper.shipped).toEqual([]);
    expect(rig.job()?.metadata?.finalizers).toEqual([]);
  });
});

describe('with a gateway', () => {
  test('a finished one-time Task is removed when its time to live has passed, not before', async () => {
    await rig.operator();
    rig.applyTask({ ttlSecondsAfterFinished: 120 });
    await rig.simulation.advance(1_000);
    await rig.playRun('proj1-report');
    await rig.simulation.advance(minute);
    expect(rig.task()).toBeDefined();
    await rig.simulation.advance(minute + 5_000);
    expect(rig.task()).toBeUndefined();
  });

  test('a time to live of nothing does not remove a run whose log is not safe', async () => {
    rig.shipper.automatic = false;
    await rig.operator();
    rig.applyTask({ ttlSecondsAfterFinished: 0 });
    await rig.simulation.advance(1_000);
    await rig.playRun('proj1-report');
    await rig.simulation.advance(10 * minute);
    expect(rig.task()).toBeDefined();
    expect(rig.cluster.find(pods, 'proj1-report-1')).toBeDefined();
    rig.shipper.settle('proj1-report-1');
    await rig.simulation.advance(5_000);
    expect(rig.task()).toBeUndefined();
  });
});
