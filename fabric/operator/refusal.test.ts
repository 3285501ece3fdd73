/**
 * What becomes of a Task that cannot be carried out, and of one that is deleted before it could be. The test plays
 * Kubernetes.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { cronJobs, jobs } from '../../kubernetes/resources.ts';
import { managedSelector } from '../task/labels.ts';
import { type TaskPool, type TaskSpec, taskPools, tasks } from '../task/task.ts';
import { minute, Rig } from './testing/rig.ts';

let rig: Rig;

beforeEach(async () => {
  rig = await Rig.up();
});

function makePool(name: string, spec: TaskPool['spec'] = {}): void {
  rig.cluster.create<TaskPool>(taskPools, { metadata: { name, namespace: 'default' }, spec });
}

describe('a Task that cannot be carried out', () => {
  test.each<[string, Partial<TaskSpec>, string]>([
    ['a bad schedule', { schedule: 'never' }, 'InvalidTask'],
    ['a schedule in an unknown pool', { schedule: '@hourly', taskPool: 'fast' }, 'TaskPoolNotFound'],
    ['a payload that is no JSON', { payload: 'x' }, 'InvalidTask'],
    ['an unknown pool', { taskPool: 'fast' }, 'TaskPoolNotFound'],
  ])('for %s says so, and nothing is made', async (_what, spec, reason) => {
    await rig.operator();
    rig.applyTask(spec);
    await rig.simulation.advance(30_000);
    expect(rig.condition('Accepted')).toMatchObject({ status: 'False', reason });
    expect(rig.task()?.status?.statusReason).toContain(reason);
    await rig.simulation.advance(10 * minute);
    expect(rig.cluster.all(jobs)).toEqual([]);
    expect(rig.cluster.all(cronJobs)).toEqual([]);
  });

  test('for its surroundings has a minute for them to change', async () => {
    await rig.operator();
    makePool('small', { limit: 2 });
    rig.applyTask({ taskPool: 'small' });
    rig.applyTask({ taskPool: 'late' }, 'proj1-early');
    await rig.simulation.advance(30_000);
    expect(rig.condition('Accepted')).toMatchObject({ status: 'False', reason: 'TaskPoolLimitNotSupported' });
    expect(rig.task()?.status?.state).toBe('PENDING');
    rig.cluster.patch(taskPools, 'default', 'small', { spec: { limit: null } });
    makePool('late');
    await rig.simulation.advance(1_000);
    expect(rig.job()).toBeDefined();
    expect(rig.job('proj1-early')).toBeDefined();
    expect(rig.gateway.states('proj1-report')).not.toContain('FAILED');
  });

  test('is not refused for a Job that has gone without a sign', async () => {
    await rig.operator();
    const labels = Object.fromEntries([managedSelector.split('=')]);
    rig.cluster.create(jobs, { metadata: { name: 'proj1-report', namespace: 'default', labels } });
    await rig.simulation.advance(1_000);
    rig.cluster.unseen.add('jobs');
    rig.cluster.remove(jobs, 'proj1-report');
    const task = rig.applyTask();
    await rig.simulation.advance(1_000);
    expect(rig.job()?.metadata?.ownerReferences?.[0]?.uid).toBe(task.metadata?.uid);
    expect(rig.condition('Accepted')?.status).toBe('True');
  });

  test('after that minute is FAILED for good, and its record says why', async () => {
    await rig.operator();
    rig.applyTask({ taskPool: 'fast', activationId: 'a' });
    await rig.simulation.advance(minute + 11_000);
    const why = expect.stringMatching(/^TaskPoolNotFound: spec.taskPool: there is no TaskPool "fast"/);
    expect(rig.task()?.status).toMatchObject({ state: 'FAILED', statusReason: why });
    const { uid } = rig.task()?.metadata ?? {};
    expect(rig.gateway.posts.map(({ record }) => record)).toEqual([
      expect.objectContaining({ uid, taskUid: uid, state: 'FAILED', statusReason: why, activationId: 'a' }),
    ]);
    makePool('fast');
    await rig.simulation.advance(5 * minute);
    expect(rig.cluster.all(jobs)).toEqual([]);
    expect(rig.gateway.posts).toHaveLength(1);
  });

  test('of its own fault is FAILED at once', async () => {
    await rig.operator();
    rig.applyTask({ payload: 'x' });
    await rig.simulation.advance(1_000);
    expect(rig.task()?.status?.state).toBe('FAILED');
    expect(rig.gateway.states('proj1-report')).toEqual(['FAILED']);
  });

  test('a schedule is never FAILED: it is carried out as soon as it can be', async () => {
    await rig.operator();
    rig.applyTask({ schedule: '@hourly', taskPool: 'fast' });
    await rig.simulation.advance(10 * minute);
    expect(rig.task()?.status?.state).toBe('PENDING');
    makePool('fast');
    await rig.simulation.advance(1_000);
    expect(rig.cluster.all(cronJobs)).toHaveLength(1);
    expect(rig.gateway.posts).toEqual([]);
  });

  test('is removed after its time to live, and not before its record has arrived', async () => {
    rig.gateway.isDown = true;
    await rig.operator();
    rig.applyTask({ payload: 'x', ttlSecondsAfterFinished: 60 });
    await rig.simulation.advance(10 * minute);
    expect(rig.task()).toBeDefined();
    rig.gateway.isDown = false;
    await rig.simulation.advance(2 * minute);
    expect(rig.gateway.states('proj1-report')).toEqual(['FAILED']);
    expect(rig.task()).toBeUndefined();
  });

  test('is told by the next operator when the first is killed before it could', async () => {
    rig.gateway.isDown = true;
    const first = await rig.operator();
    rig.applyTask({ payload: 'x' });
    await rig.simulation.advance(1_000);
    first.kill();
    rig.gateway.isDown = false;
    await rig.operator();
    await rig.simulation.advance(1_000);
    expect(rig.gateway.states('proj1-report')).toEqual(['FAILED']);
  });
});

describe('a Task that is deleted before it has a Job', () => {
  test('is CANCELLED', async () => {
    await rig.operator();
    rig.applyTask({ taskPool: 'fast' });
    await rig.simulation.advance(1_000);
    rig.cluster.delete(tasks, 'default', 'proj1-report');
    await rig.simulation.advance(1_000);
    expect(rig.gateway.last('proj1-report')).toMatchObject({ state: 'CANCELLED', statusReason: 'Deleted' });
    expect(rig.gateway.posts).toHaveLength(1);
  });

  test('is nobody’s business when it is a schedule, or when its pool keeps its records in the cluster', async () => {
    await rig.operator();
    makePool('local', { persistTasks: false, limit: 1 });
    rig.applyTask({ taskPool: 'local' });
    rig.applyTask({ schedule: '@hourly' }, 'proj1-hourly');
    await rig.simulation.advance(1_000);
    rig.cluster.delete(tasks, 'default', 'proj1-report');
    rig.cluster.delete(tasks, 'default', 'proj1-hourly');
    await rig.simulation.advance(2 * minute);
    expect(rig.gateway.posts).toEqual([]);
  });
});
