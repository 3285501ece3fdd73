/**
 * The operator against a scripted cluster: what it makes, what it reports, when it lets go, and what a killed one leaves to
 * the next. The test plays Kubernetes' controllers, the node agent, the gateway and the log shipper.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import type { CronJob, Job } from '../../kubernetes/objects.ts';
import { cronJobs, jobs, pods } from '../../kubernetes/resources.ts';
import { type SimulatedProcess, Simulation } from '../../world/simulated/simulation.ts';
import { reportedAnnotation, reportFinalizer } from '../task/labels.ts';
import { type Task, type TaskPool, type TaskSpec, taskPools, tasks } from '../task/task.ts';
import { type OperatorOptions, startOperator } from './operator.ts';
import { type ClientHooks, FakeCluster } from './testing/fake-cluster.ts';
import { endPod, FakeGateway, FakeShipper, finishJob, makePod, runPod, startRun } from './testing/play.ts';

const startAt = Date.UTC(2026, 0, 1);
const minute = 60_000;

let simulation: Simulation;
let cluster: FakeCluster;
let gateway: FakeGateway;
let shipper: FakeShipper;
let clusterWorld: SimulatedProcess;

beforeEach(async () => {
  simulation = new Simulation({ seed: 7, startAt });
  clusterWorld = simulation.process('cluster');
  cluster = new FakeCluster(() => simulation.now());
  gateway = new FakeGateway();
  shipper = new FakeShipper();
  await simulation.run(gateway.listen(simulation.process('gateway')));
});

/** Starts an operator as a process of its own, which can be killed. */
async function operator(
  options: Partial<OperatorOptions> & ClientHooks & { world?: SimulatedProcess } = {},
): Promise<SimulatedProcess> {
  const { before, after, world = simulation.process('operator'), ...rest } = options;
  // What a killed process asks does not happen, and it never hears an answer.
  const whileAlive = async () => {
    if (world.killed) await new Promise(() => {});
  };
  const client = cluster.client({
    before: async (call) => {
      await before?.(call);
      await whileAlive();
    },
    after: async () => {
      await after?.();
      await whileAlive();
    },
  });
  await simulation.run(startOperator({ world, client, gatewayUrl: 'http://gateway:80', shipper, ...rest }));
  return world;
}

function applyTask(spec: Partial<TaskSpec> = {}, name = 'proj1-report'): Task {
  const base = { projectId: 'proj1', skillName: 'cortex/report', actionName: 'run', image: 'actor' };
  return cluster.create<Task>(tasks, { metadata: { name, namespace: 'default' }, spec: { ...base, ...spec } });
}

const taskNow = (name = 'proj1-report') => cluster.find<Task>(tasks, name);
const jobNow = (name = 'proj1-report') => cluster.find<Job>(jobs, name);
const conditionNow = (type: string, name?: string) =>
  taskNow(name)?.status?.conditions?.find((each) => each.type === type);
const writes = () =>
  cluster.calls.filter((call) => /^(create|patch|replace|delete)/.test(call) && !/ events /.test(call));

/** Plays a run from its pod to its end. */
async function playRun(jobName: string, exitCode = 0): Promise<void> {
  const pod = makePod(cluster, jobName);
  await simulation.advance(1_000);
  runPod(cluster, clusterWorld, pod);
  await simulation.advance(5_000);
  endPod(cluster, clusterWorld, pod, exitCode);
  await simulation.advance(1_000);
  if (exitCode === 0) finishJob(cluster, clusterWorld, jobName, 'Complete', { succeeded: 1 });
  else finishJob(cluster, clusterWorld, jobName, 'Failed', { failed: 1 });
  await simulation.advance(5_000);
}

describe('a one-time Task', () => {
  test('becomes a Job, is reported at each transition, and is let go when its log is safe', async () => {
    await operator();
    applyTask({ payload: '{"n":1}' });
    await simulation.advance(1_000);
    expect(jobNow()?.metadata?.finalizers).toEqual([reportFinalizer]);
    expect(taskNow()?.status).toMatchObject({ state: 'QUEUED', jobName: 'proj1-report' });
    await playRun('proj1-report');
    expect(gateway.states('proj1-report')).toEqual(['QUEUED', 'ACTIVE', 'COMPLETE']);
    expect(gateway.last('proj1-report')).toMatchObject({
      name: 'proj1-report',
      uid: jobNow()?.metadata?.uid,
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
    expect(taskNow()?.status).toMatchObject({ state: 'COMPLETE', exitCode: 0, statusReason: 'Completed' });
    expect(jobNow()?.metadata?.finalizers).toEqual([]);
    expect(JSON.parse(jobNow()?.metadata?.annotations?.[reportedAnnotation] ?? '')).toEqual({
      state: 'COMPLETE',
      arrived: true,
    });
  });

  test('costs few writes: the Job, three states of the Task, and letting go', async () => {
    await operator();
    applyTask();
    await simulation.advance(1_000);
    await playRun('proj1-report');
    expect(writes()).toEqual([
      'create jobs proj1-report',
      'patch/status tasks proj1-report',
      'patch/status tasks proj1-report',
      'patch/status tasks proj1-report',
      'patch jobs proj1-report',
    ]);
  });

  test('that fails is FAILED with its exit code and the reason', async () => {
    await operator();
    applyTask();
    await simulation.advance(1_000);
    await playRun('proj1-report', 3);
    expect(gateway.last('proj1-report')).toMatchObject({
      state: 'FAILED',
      exitCode: 3,
      statusReason: 'BackoffLimitExceeded: Job has reached the specified backoff limit; exit code 3',
    });
  });

  test('never gets a second Job, though its Job is gone and the view is old', async () => {
    await operator();
    applyTask();
    await simulation.advance(1_000);
    await playRun('proj1-report');
    cluster.remove(jobs, 'proj1-report');
    await simulation.advance(1_000);
    await operator();
    cluster.patch(tasks, 'default', 'proj1-report', { metadata: { labels: { a: 'b' } } });
    await simulation.advance(minute);
    expect(cluster.calls.filter((call) => call.startsWith('create jobs'))).toHaveLength(1);
    expect(taskNow()?.status?.state).toBe('COMPLETE');
  });

  test('whose name a CronJob has is refused: the CronJob controller would take its Job for a run', async () => {
    await operator();
    cluster.create(cronJobs, { metadata: { name: 'proj1-report', namespace: 'default' } });
    applyTask();
    await simulation.advance(1_000);
    expect(jobNow()).toBeUndefined();
    expect(conditionNow('Accepted')).toMatchObject({ status: 'False', reason: 'NameTaken' });
    cluster.remove(cronJobs, 'proj1-report');
    await simulation.advance(2 * minute);
    expect(jobNow()).toBeDefined();
    expect(conditionNow('Accepted')?.status).toBe('True');
  });

  test('whose name a foreign Job has is refused, and the Job left alone', async () => {
    await operator();
    cluster.create(jobs, { metadata: { name: 'proj1-report', namespace: 'default' } });
    applyTask();
    await simulation.advance(1_000);
    expect(conditionNow('Accepted')).toMatchObject({ reason: 'NameTaken' });
    expect(jobNow()?.metadata?.finalizers).toBeUndefined();
    expect(gateway.posts).toEqual([]);
  });

  test('that is deleted while it runs is CANCELLED: its pod is ended, its log shipped, then it is let go', async () => {
    shipper.automatic = false;
    await operator();
    applyTask();
    await simulation.advance(1_000);
    const pod = makePod(cluster, 'proj1-report');
    runPod(cluster, clusterWorld, pod);
    await simulation.advance(1_000);
    cluster.delete(tasks, 'default', 'proj1-report');
    cluster.delete(jobs, 'default', 'proj1-report');
    await simulation.advance(1_000);
    expect(cluster.calls).toContain(`delete pods ${pod}`);
    expect(gateway.last('proj1-report')).toMatchObject({ state: 'CANCELLED' });
    expect(jobNow()).toBeDefined();
    endPod(cluster, clusterWorld, pod, 143);
    shipper.settle(pod);
    await simulation.advance(1_000);
    expect(jobNow()).toBeUndefined();
    expect(gateway.last('proj1-report')).toMatchObject({ state: 'CANCELLED', exitCode: 143, logs: { complete: true } });
    expect(new Set(gateway.states('proj1-report'))).toEqual(new Set(['QUEUED', 'ACTIVE', 'CANCELLED']));
  });
});

describe('a Task that cannot be carried out', () => {
  test.each<[string, Partial<TaskSpec>, string]>([
    ['a bad schedule', { schedule: 'never' }, 'InvalidTask'],
    ['an unknown pool', { taskPool: 'fast' }, 'TaskPoolNotFound'],
  ])('for %s says so, and nothing is made', async (_what, spec, reason) => {
    await operator();
    applyTask(spec);
    await simulation.advance(minute);
    expect(conditionNow('Accepted')).toMatchObject({ status: 'False', reason });
    expect(taskNow()?.status?.state).toBe('PENDING');
    expect(cluster.all(jobs)).toEqual([]);
    expect(cluster.all(cronJobs)).toEqual([]);
  });

  test('for a pool with a limit is refused until the limit is gone', async () => {
    await operator();
    cluster.create<TaskPool>(taskPools, { metadata: { name: 'small', namespace: 'default' }, spec: { limit: 2 } });
    applyTask({ taskPool: 'small' });
    await simulation.advance(minute);
    expect(conditionNow('Accepted')).toMatchObject({ status: 'False', reason: 'TaskPoolLimitNotSupported' });
    expect(cluster.all(jobs)).toEqual([]);
    cluster.patch(taskPools, 'default', 'small', { spec: { limit: null } });
    await simulation.advance(1_000);
    expect(cluster.all(jobs)).toHaveLength(1);
  });
});

describe('a schedule', () => {
  test('becomes a CronJob, and its runs are held, reported and cleaned to its history limits', async () => {
    await operator();
    applyTask({ schedule: '* * * * *', successfulJobsHistoryLimit: 2 });
    await simulation.advance(1_000);
    expect(taskNow()?.status).toMatchObject({ state: 'Active', nextTime: '2026-01-01T00:01:00Z', activeCount: 0 });
    const names: string[] = [];
    for (let run = 0; run < 4; run += 1) {
      await simulation.advance(minute);
      const name = startRun(cluster, clusterWorld, 'proj1-report');
      names.push(name);
      await simulation.advance(1_000);
      expect(jobNow(name)?.metadata?.finalizers).toEqual([reportFinalizer]);
      await playRun(name);
      cluster.patch(cronJobs, 'default', 'proj1-report', { status: { active: [] } });
    }
    expect(cluster.all<Job>(jobs).map((job) => job.metadata?.name)).toEqual(names.slice(2));
    for (const name of names) expect(gateway.states(name)).toEqual(['QUEUED', 'ACTIVE', 'COMPLETE']);
    const [first = ''] = names;
    expect(gateway.last(first)).toMatchObject({
      name: first,
      scheduleName: 'proj1-report',
      correlationId: 'proj1-report',
      jobType: 'cron',
      scheduledTime: startAt + minute,
      logs: { key: `tasks/${first}/log.txt` },
    });
  });

  test('is paused and resumed by the Task, and follows its changes', async () => {
    await operator();
    applyTask({ schedule: '* * * * *' });
    await simulation.advance(1_000);
    cluster.patch(tasks, 'default', 'proj1-report', { metadata: { generation: 2 }, spec: { suspend: true } });
    await simulation.advance(1_000);
    expect(cluster.find<CronJob>(cronJobs, 'proj1-report')?.spec?.suspend).toBe(true);
    expect(taskNow()?.status).toMatchObject({ state: 'PAUSED', observedGeneration: 2 });
    expect(taskNow()?.status?.nextTime).toBeUndefined();
    cluster.patch(tasks, 'default', 'proj1-report', { spec: { suspend: false, schedule: '@hourly' } });
    await simulation.advance(1_000);
    expect(cluster.find<CronJob>(cronJobs, 'proj1-report')?.spec).toMatchObject({
      suspend: false,
      schedule: '@hourly',
    });
    expect(taskNow()?.status).toMatchObject({ state: 'Active', nextTime: '2026-01-01T01:00:00Z' });
  });

  test('that somebody changed on the CronJob itself is put right', async () => {
    await operator();
    applyTask({ schedule: '* * * * *', concurrencyPolicy: 'Forbid' });
    await simulation.advance(1_000);
    cluster.patch(cronJobs, 'default', 'proj1-report', { spec: { concurrencyPolicy: 'Allow' } });
    await simulation.advance(1_000);
    expect(cluster.find<CronJob>(cronJobs, 'proj1-report')?.spec?.concurrencyPolicy).toBe('Forbid');
  });

  test('says why a start was not made', async () => {
    await operator();
    applyTask({ schedule: '* * * * *', concurrencyPolicy: 'Forbid' });
    await simulation.advance(minute);
    const name = startRun(cluster, clusterWorld, 'proj1-report');
    await simulation.advance(minute + 10_000);
    expect(conditionNow('Started')).toMatchObject({
      status: 'False',
      reason: 'PreviousRunActive',
      message: expect.stringContaining(name),
    });
    cluster.patch(cronJobs, 'default', 'proj1-report', {
      status: { active: [], lastScheduleTime: '2026-01-01T00:02:00Z' },
    });
    await simulation.advance(1_000);
    expect(conditionNow('Started')).toMatchObject({ status: 'True', reason: 'Started' });
  });

  test('under Replace reports the run that made room as replaced', async () => {
    await operator();
    applyTask({ schedule: '* * * * *', concurrencyPolicy: 'Replace' });
    await simulation.advance(minute);
    const name = startRun(cluster, clusterWorld, 'proj1-report');
    await simulation.advance(1_000);
    const pod = makePod(cluster, name);
    runPod(cluster, clusterWorld, pod);
    await simulation.advance(1_000);
    cluster.delete(jobs, 'default', name);
    await simulation.advance(1_000);
    endPod(cluster, clusterWorld, pod, 143);
    await simulation.advance(1_000);
    expect(gateway.last(name)).toMatchObject({ state: 'CANCELLED', statusReason: expect.stringMatching(/^Replaced/) });
    expect(jobNow(name)).toBeUndefined();
  });

  test('has a record for a run that was gone before it could be held, and its log is said to be lost', async () => {
    const world = simulation.process('operator');
    await operator({
      world,
      before: async (call) => {
        if (call.startsWith('patch jobs')) await world.clock.sleep(minute);
      },
    });
    applyTask({ schedule: '* * * * *' });
    await simulation.advance(minute);
    const name = startRun(cluster, clusterWorld, 'proj1-report');
    await simulation.advance(1_000);
    cluster.delete(jobs, 'default', name);
    await simulation.advance(1_000);
    expect(gateway.last(name)).toMatchObject({
      state: 'CANCELLED',
      logs: { complete: false, missing: [{ afterLine: 0, reason: expect.stringContaining('log lost') }] },
    });
  });
});

describe('several attempts of one run', () => {
  test('are shipped one after the other into one log', async () => {
    shipper.automatic = false;
    await operator();
    applyTask({ backoffLimit: 1 });
    await simulation.advance(1_000);
    const first = makePod(cluster, 'proj1-report', 1);
    runPod(cluster, clusterWorld, first);
    await simulation.advance(1_000);
    endPod(cluster, clusterWorld, first, 1);
    cluster.patch(jobs, 'default', 'proj1-report', { status: { failed: 1 } });
    const second = makePod(cluster, 'proj1-report', 2);
    runPod(cluster, clusterWorld, second);
    await simulation.advance(1_000);
    expect(shipper.shipped.map(({ pod }) => pod)).toEqual([first]);
    shipper.settle(first);
    await simulation.advance(1_000);
    expect(shipper.shipped.map(({ pod }) => pod)).toEqual([first, second]);
    expect(new Set(shipper.shipped.map(({ folder }) => folder)).size).toBe(1);
    endPod(cluster, clusterWorld, second, 0);
    finishJob(cluster, clusterWorld, 'proj1-report', 'Complete', { succeeded: 1, failed: 1 });
    await simulation.advance(1_000);
    expect(jobNow()?.metadata?.finalizers).toEqual([reportFinalizer]);
    shipper.settle(second);
    await simulation.advance(1_000);
    expect(jobNow()?.metadata?.finalizers).toEqual([]);
    expect(gateway.last('proj1-report')).toMatchObject({ state: 'COMPLETE', logs: { lines: 20, complete: true } });
  });

  test('that nobody saw are said to be missing', async () => {
    await operator();
    applyTask({ backoffLimit: 1 });
    await simulation.advance(1_000);
    const second = makePod(cluster, 'proj1-report', 2);
    runPod(cluster, clusterWorld, second);
    await simulation.advance(1_000);
    endPod(cluster, clusterWorld, second, 0);
    finishJob(cluster, clusterWorld, 'proj1-report', 'Complete', { succeeded: 1, failed: 1 });
    await simulation.advance(5_000);
    expect(gateway.last('proj1-report')).toMatchObject({
      logs: { complete: false, missing: [{ reason: expect.stringContaining('1 pod(s)') }] },
    });
  });
});

describe('letting go', () => {
  test('waits for the log, and the terminal state does not', async () => {
    shipper.automatic = false;
    await operator();
    applyTask();
    await simulation.advance(1_000);
    await playRun('proj1-report');
    expect(gateway.states('proj1-report')).toEqual(['QUEUED', 'ACTIVE', 'COMPLETE']);
    expect(gateway.last('proj1-report')?.logs).toBeUndefined();
    expect(jobNow()?.metadata?.finalizers).toEqual([reportFinalizer]);
    shipper.settle('proj1-report-1');
    await simulation.advance(1_000);
    expect(gateway.last('proj1-report')?.logs).toMatchObject({ complete: true });
    expect(jobNow()?.metadata?.finalizers).toEqual([]);
  });

  test('happens after a deadline even if the log is not safe, and the record says so', async () => {
    shipper.automatic = false;
    await operator({ safetyDeadlineSeconds: 600 });
    applyTask();
    await simulation.advance(1_000);
    await playRun('proj1-report');
    await simulation.advance(9 * minute);
    expect(jobNow()?.metadata?.finalizers).toEqual([reportFinalizer]);
    await simulation.advance(2 * minute);
    expect(jobNow()?.metadata?.finalizers).toEqual([]);
    expect(gateway.last('proj1-report')).toMatchObject({
      state: 'COMPLETE',
      logs: { complete: false, missing: [{ afterLine: 0, reason: expect.stringContaining('given up') }] },
    });
  });

  test('reads the pods live when the view of pods lags behind the Job', async () => {
    shipper.automatic = false;
    await operator();
    applyTask();
    await simulation.advance(1_000);
    const pod = makePod(cluster, 'proj1-report');
    await simulation.advance(1_000);
    // The pod has run and ended; of this the operator hears through the Job first.
    endPod(cluster, clusterWorld, pod, 0);
    finishJob(cluster, clusterWorld, 'proj1-report', 'Complete', { succeeded: 1 });
    await simulation.advance(1_000);
    expect(shipper.shipped.map((run) => run.pod)).toEqual([pod]);
    expect(jobNow()?.metadata?.finalizers).toEqual([reportFinalizer]);
  });
});

describe('the gateway down for five minutes', () => {
  test('costs no record and no terminal state, and the rate stays bounded', async () => {
    await operator({ reports: { requestsPerSecond: 5 } });
    gateway.isDown = true;
    const names = Array.from({ length: 20 }, (_, index) => `proj1-task-${index}`);
    for (const name of names) applyTask({}, name);
    await simulation.advance(1_000);
    for (const name of names) {
      const pod = makePod(cluster, name);
      runPod(cluster, clusterWorld, pod);
    }
    await simulation.advance(2_000);
    for (const name of names) {
      endPod(cluster, clusterWorld, `${name}-1`, 0);
      finishJob(cluster, clusterWorld, name, 'Complete', { succeeded: 1 });
    }
    await simulation.advance(5 * minute);
    expect(gateway.posts).toEqual([]);
    expect(cluster.all<Job>(jobs).every((job) => job.metadata?.finalizers?.length === 1)).toBe(true);
    gateway.isDown = false;
    await simulation.advance(3 * minute);
    for (const name of names) {
      expect(gateway.states(name)).toEqual(['COMPLETE']);
      expect(gateway.last(name)?.skippedStates).toBe(2);
    }
    expect(cluster.all<Job>(jobs).every((job) => job.metadata?.finalizers?.length === 0)).toBe(true);
    for (const at of gateway.requestsAt) {
      expect(gateway.requestsAt.filter((other) => other >= at && other < at + 1000).length).toBeLessThanOrEqual(6);
    }
  });
});

describe('an operator killed and started again', () => {
  type Place = { readonly when: 'before' | 'after' | 'kept'; readonly at: number };

  /** Plays one run with an operator that dies at the given place; false if the run was over before that. */
  async function playWithKillAt({ when, at }: Place): Promise<boolean> {
    simulation = new Simulation({ seed: 7 + at, startAt });
    clusterWorld = simulation.process('cluster');
    cluster = new FakeCluster(() => simulation.now());
    gateway = new FakeGateway();
    shipper = new FakeShipper();
    await simulation.run(gateway.listen(simulation.process('gateway')));
    let left = at;
    const killAt = (place: Place['when'], isAlive: () => boolean) => {
      if (place !== when || !isAlive()) return;
      left -= 1;
      if (left === 0) first.kill();
    };
    let isFirst = true;
    const first: SimulatedProcess = simulation.process('operator');
    const hooks = {
      before: (call: string) => (call.startsWith('list') ? undefined : killAt('before', () => isFirst)),
      after: () => killAt('after', () => isFirst),
    };
    gateway.onKept = () => killAt('kept', () => isFirst);
    await operator({ world: first, ...hooks });
    const revive = async () => {
      if (!first.killed || !isFirst) return;
      isFirst = false;
      await operator();
      await simulation.advance(2_000);
    };
    applyTask();
    await simulation.advance(2_000);
    await revive();
    const pod = makePod(cluster, 'proj1-report');
    runPod(cluster, clusterWorld, pod);
    await simulation.advance(2_000);
    await revive();
    endPod(cluster, clusterWorld, pod, 0);
    await simulation.advance(1_000);
    await revive();
    finishJob(cluster, clusterWorld, 'proj1-report', 'Complete', { succeeded: 1 });
    await simulation.advance(10_000);
    await revive();
    await simulation.advance(minute);
    return first.killed;
  }

  test.each(['before', 'after', 'kept'] as const)('goes on where it was, wherever it was killed (%s)', async (when) => {
    let at = 1;
    for (; await playWithKillAt({ when, at }); at += 1) {
      const place = `killed ${when} call ${at}`;
      expect(new Set(gateway.posts.map(({ record }) => record.uid)).size, place).toBe(1);
      expect(gateway.last('proj1-report'), place).toMatchObject({ state: 'COMPLETE', logs: { complete: true } });
      expect(cluster.all(jobs), place).toHaveLength(1);
      expect(jobNow()?.metadata?.finalizers, place).toEqual([]);
      expect(taskNow()?.status?.state, place).toBe('COMPLETE');
      const sequences = gateway.posts.map(({ record }) => record.sequence);
      expect(sequences, place).toEqual([...sequences].sort((one, other) => one - other));
    }
    // Two reads, the Job, three states and letting go; three posts.
    expect(at - 1).toBeGreaterThanOrEqual(when === 'kept' ? 3 : 7);
  });

  test('posts a finished run that is noted as reported no second time', async () => {
    const first = await operator();
    applyTask();
    await simulation.advance(1_000);
    await playRun('proj1-report');
    first.kill();
    const before = gateway.posts.length;
    await operator();
    await simulation.advance(minute);
    expect(gateway.posts.length).toBe(before);
  });
});

describe('without a gateway', () => {
  test("the task pool's history limits hold for one-time Tasks", async () => {
    await operator({ gatewayUrl: undefined });
    const limits = { successfulTasksHistoryLimit: 2, failedTasksHistoryLimit: 1 };
    cluster.create<TaskPool>(taskPools, { metadata: { name: 'small', namespace: 'default' }, spec: limits });
    for (let index = 0; index < 4; index += 1) {
      const name = `proj1-task-${index}`;
      applyTask({ taskPool: 'small' }, name);
      await simulation.advance(1_000);
      await playRun(name, index === 0 ? 1 : 0);
    }
    expect(cluster.all<Task>(tasks).map((task) => task.metadata?.name)).toEqual([
      'proj1-task-0',
      'proj1-task-2',
      'proj1-task-3',
    ]);
    expect(gateway.posts).toEqual([]);
  });

  test('nothing leaves the cluster when the pool says persistTasks: false', async () => {
    await operator();
    cluster.create<TaskPool>(taskPools, {
      metadata: { name: 'local', namespace: 'default' },
      spec: { persistTasks: false },
    });
    applyTask({ taskPool: 'local' });
    await simulation.advance(1_000);
    await playRun('proj1-report');
    expect(gateway.posts).toEqual([]);
    expect(shipper.shipped).toEqual([]);
    expect(jobNow()?.metadata?.finalizers).toEqual([]);
  });
});

describe('with a gateway', () => {
  test('a finished one-time Task is removed when its time to live has passed, not before', async () => {
    await operator();
    applyTask({ ttlSecondsAfterFinished: 120 });
    await simulation.advance(1_000);
    await playRun('proj1-report');
    await simulation.advance(minute);
    expect(taskNow()).toBeDefined();
    await simulation.advance(minute + 5_000);
    expect(taskNow()).toBeUndefined();
  });

  test('a time to live of nothing does not remove a run whose log is not safe', async () => {
    shipper.automatic = false;
    await operator();
    applyTask({ ttlSecondsAfterFinished: 0 });
    await simulation.advance(1_000);
    await playRun('proj1-report');
    await simulation.advance(10 * minute);
    expect(taskNow()).toBeDefined();
    expect(cluster.find(pods, 'proj1-report-1')).toBeDefined();
    shipper.settle('proj1-report-1');
    await simulation.advance(5_000);
    expect(taskNow()).toBeUndefined();
  });
});
