/**
 * Tasks of which the store has no record are told by the cluster: of a pool that keeps its records there, or of a whole
 * Fabric.
 */
import { describe, expect, test } from 'vitest';
import type { OperatorOptions } from '../../operator/settings.ts';
import { type Task, type TaskPool, type TaskSpec, taskPools, tasks } from '../../task/index.ts';
import { tasksPath } from '../bench.fixture.ts';
import type { GatewayOptions } from '../settings.ts';
import { openEmbeddedStore } from '../stores/embedded/store.ts';
import { recordsDefinition } from './record.ts';
import { openWithOperator } from './with-operator.fixture.ts';

const podLog = async () =>
  (async function* () {
    yield Buffer.from('one\ntwo\n');
  })();
const filter = (condition: unknown) => `&filter=${encodeURIComponent(JSON.stringify(condition))}`;

/** How tasks come to have no records. */
interface Way {
  readonly name: string;
  readonly gateway: Partial<GatewayOptions>;
  readonly operator: Partial<OperatorOptions>;
  /** What each task's spec has. */
  readonly spec: Partial<TaskSpec>;
}

const wholeFabric: Way = { name: 'a Fabric without records', gateway: { persistTasks: false }, operator: {}, spec: {} };
const onePool: Way = { name: 'a pool without records', gateway: {}, operator: {}, spec: { taskPool: 'local' } };
const ways: readonly Way[] = [
  wholeFabric,
  {
    ...wholeFabric,
    name: 'a Fabric without records whose operator knows no gateway',
    operator: { gatewayUrl: undefined },
  },
  onePool,
];

async function open({ gateway, operator, spec: more }: Way) {
  const store = openEmbeddedStore(':memory:');
  const bench = await openWithOperator({ ...gateway, podLog, store }, operator);
  const pool = { metadata: { name: 'local', namespace: 'default' }, spec: { persistTasks: false } };
  bench.cluster.create<TaskPool>(taskPools, pool);
  await bench.simulation.advance(1_000);
  const create = (spec: object) => bench.create({ ...more, ...spec });
  const stored = async () => {
    const collection = await store.collection(recordsDefinition);
    return bench.simulation.run(collection.find({}));
  };
  return { ...bench, create, stored };
}

describe.each(ways)('$name', (way) => {
  test('lists and describes a one-time task through its states, and writes no record', async () => {
    const { create, names, describe: described, begin, end, stored } = await open(way);
    await create({ name: 'once', payload: { a: 1 } });
    expect(await names()).toEqual(['proj1-once']);
    expect(await described('proj1-once')).toMatchObject({ state: 'QUEUED', jobType: 'onetime', payload: '{"a":1}' });
    const pod = await begin('proj1-once');
    expect((await described('proj1-once')).state).toBe('ACTIVE');
    await end('proj1-once', pod, 3);
    expect(await described('proj1-once')).toMatchObject({ state: 'FAILED', exitCode: 3 });
    expect(await names(filter({ state: 'FAILED' }))).toEqual(['proj1-once']);
    expect(await names(filter({ state: 'COMPLETE' }))).toEqual([]);
    expect(await stored()).toEqual([]);
  });

  test('lists the runs of a schedule as its executions, and the latest where it is described', async () => {
    const { create, names, describe: described, post, begin, end, ask, stored, simulation } = await open(way);
    await create({ name: 'nightly', schedule: '0 3 * * *' });
    const runs: string[] = [];
    for (const exitCode of [0, 1]) {
      const { name } = (await post('/proj1-nightly/run')).json;
      runs.push(name);
      await end(name, await begin(name), exitCode);
      await simulation.advance(60_000);
    }
    const executions = async (query = '') =>
      (await ask(`${tasksPath}/proj1-nightly/executions?${query}`)).json.tasks.map(({ name }) => name);
    expect(await executions()).toEqual(runs.toReversed());
    expect(await executions('sort=asc&limit=1')).toEqual(runs.slice(0, 1));
    expect(await executions(filter({ state: 'FAILED' }))).toEqual(runs.slice(1));
    expect(await names('&scheduleName=proj1-nightly')).toEqual([...runs].sort());
    expect(await described(runs[1] ?? '')).toMatchObject({
      ...{ state: 'FAILED', exitCode: 1, jobType: 'cron', scheduleName: 'proj1-nightly' },
    });
    expect((await described('proj1-nightly')).lastRun).toMatchObject({ name: runs[1], state: 'FAILED' });
    expect(await stored()).toEqual([]);
  });

  test('has the log from the pods: as text, as a file and followed, and no rows', async () => {
    const { create, begin, end, ask } = await open(way);
    await create({ name: 'once' });
    await end('proj1-once', await begin('proj1-once'));
    const logs = `${tasksPath}/proj1-once/logs`;
    expect((await ask(logs)).json).toMatchObject({ success: true, logs: 'one\ntwo\n' });
    expect((await ask(`${logs}?raw=true`)).text).toBe('one\ntwo\n');
    const followed = await ask(`${logs}?follow=true`, { headers: { accept: 'text/event-stream' } });
    expect(followed.text).toContain('{"log":"one\\ntwo');
    const rows = await ask(`${logs}?format=rows`);
    expect([rows.status, rows.json.message]).toEqual([409, expect.stringContaining('kept in the cluster')]);
  });

  test('deletes a task and an ended run: gone from the cluster is gone', async () => {
    const { create, names, post, begin, end, ask, simulation } = await open(way);
    await create({ name: 'once' });
    await create({ name: 'nightly', schedule: '0 3 * * *' });
    const { name } = (await post('/proj1-nightly/run')).json;
    await end(name, await begin(name));
    const remove = async (which: string) => {
      const { status } = await ask(`${tasksPath}/${which}`, { method: 'DELETE' });
      await simulation.advance(2_000);
      return status;
    };
    expect(await remove(name)).toBe(200);
    expect(await names()).toEqual(['proj1-once']);
    expect(await remove(name)).toBe(404);
  });

  test('restarts what has ended by the task itself', async () => {
    const { create, begin, end, post, describe: described } = await open(way);
    await create({ name: 'once', payload: '{"b":2}' });
    await end('proj1-once', await begin('proj1-once'));
    const { status, json } = await post('/proj1-once/restart');
    expect(status).toBe(200);
    expect(await described(json.name)).toMatchObject({ restartOf: 'proj1-once', payload: '{"b":2}' });
  });
});

describe('a whole Fabric without records', () => {
  test('says so in its features, and answers reports without keeping them', async () => {
    const { ask, stored } = await open(wholeFabric);
    const { json } = await ask('/fabric/v4/info');
    const { enabledFeatures } = json as unknown as { enabledFeatures: { ga: { features: object } } };
    expect(enabledFeatures.ga.features).toEqual({ 'persist-tasks': { enabled: false } });
    const body = { name: 'x', projectId: 'proj1', state: 'ACTIVE', uid: 'u' };
    const { status } = await ask('/internal/tasks/u', { method: 'POST', body });
    expect(status).toBe(200);
    expect(await stored()).toEqual([]);
  });
});

describe('a job skill in a Fabric without records', () => {
  test.each(ways.slice(0, 2))('completes its activation with what its pod printed: $name', async (way) => {
    const { ask, cluster, simulation, begin, end } = await open(way);
    const project = '/fabric/v4/projects/proj1';
    const document = {
      camel: '1.0.0',
      name: 'job',
      inputs: [{ name: 'in', routing: { all: { action: 'run', runtime: 'cortex/jobs', output: 'out' } } }],
      outputs: [{ name: 'out' }],
      actions: [{ name: 'run', type: 'job', image: 'i' }],
    };
    expect((await ask(`${project}/skills`, { method: 'POST', body: document })).status).toBe(200);
    const invoked = await ask(`${project}/skillinvoke/job/inputs/in`, { method: 'POST', body: { payload: { n: 1 } } });
    const { activationId } = invoked.json as unknown as { activationId: string };
    await simulation.advance(3_000);
    const [task] = cluster.all<Task>(tasks);
    const name = task?.metadata?.name ?? '';
    await end(name, await begin(name));
    await simulation.advance(60_000);
    const { json } = await ask(`${project}/activations/${activationId}`);
    expect(json).toMatchObject({ status: 'COMPLETE' });
    expect(JSON.stringify(json)).toContain('one\\ntwo');
  });
});

describe('a Fabric with one pool without records', () => {
  test('lists both kinds together, each once, sorted and in pages', async () => {
    const { create, ask, simulation } = await open(onePool);
    const made: string[] = [];
    for (const [index, pool] of ['local', undefined, 'local', undefined].entries()) {
      await create({ name: `t${index}`, taskPool: pool });
      made.push(`proj1-t${index}`);
      await simulation.advance(1_000);
    }
    const page = async (query: string) =>
      (await ask(`${tasksPath}?sort=%7B%22name%22%3A1%7D&${query}`)).json.tasks.map(({ name }) => name);
    expect(await page('limit=0')).toEqual(made);
    expect(await page('limit=2')).toEqual(made.slice(0, 2));
    expect(await page('limit=2&skip=1')).toEqual(made.slice(1, 3));
    expect(await page('limit=2&skip=3')).toEqual(made.slice(3));
    expect(await page('taskPool=ignored&limit=0')).toEqual(made);
    expect(await page(`limit=0${filter({ taskPool: 'local' })}`)).toEqual([made[0], made[2]]);
  });

  test('shows no task of another project', async () => {
    const { create, ask, cluster, simulation } = await open(onePool);
    await create({ name: 'mine' });
    const spec = { projectId: 'proj2', skillName: 's', actionName: 'a', image: 'i', taskPool: 'local' };
    cluster.create(tasks, { metadata: { name: 'theirs', namespace: 'default' }, spec } as never);
    await simulation.advance(2_000);
    expect((await ask(`${tasksPath}?limit=0`)).json.tasks.map(({ name }) => name)).toEqual(['proj1-mine']);
    expect((await ask(`${tasksPath}/theirs`)).status).toBe(404);
  });
});
