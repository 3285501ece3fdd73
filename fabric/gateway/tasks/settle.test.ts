/** Records of which the gateway alone knows: they go on with their Task, or end. */
import { describe, expect, test } from 'vitest';
import { jobs } from '../../../kubernetes/resources.ts';
import { Simulation } from '../../../world/simulated/simulation.ts';
import { FakeCluster } from '../../operator/testing/fake-cluster.ts';
import { type Task, tasks } from '../../task/index.ts';
import { tasksPath } from '../bench.fixture.ts';
import { startGateway } from '../server.ts';
import { openEmbeddedStore } from '../stores/embedded/store.ts';

const minute = 60_000;
const spec = { skillName: 's', actionName: 'a', image: 'actor' };

/** `broken` holds calls such as `create tasks`: those never arrive, or are carried out and their answer is lost. */
async function bench() {
  const simulation = new Simulation({ seed: 7, startAt: Date.UTC(2026, 0, 1) });
  const cluster = new FakeCluster(() => simulation.now());
  const broken = { unsent: new Set<string>(), unanswered: new Set<string>(), isAwayAfterwards: false };
  let call = '';
  const client = cluster.client({
    before: (text) => {
      call = text.split(' ').slice(0, 2).join(' ');
      if (broken.unsent.has(call)) throw new Error('the cluster is away');
    },
    after: () => {
      if (!broken.unanswered.has(call)) return;
      if (broken.isAwayAfterwards) broken.unsent.add('get tasks');
      throw new Error('the answer was lost');
    },
  });
  const store = openEmbeddedStore(':memory:');
  const world = simulation.process('gateway');
  await simulation.run(startGateway({ world, address: 'gateway:80', store, client, createProjectsOnUse: true }));
  const { network } = simulation.process('client');
  const ask = (path: string, body?: object) => {
    const asked = async () => {
      const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
      const answer = await network.fetch(`http://gateway${path}`, init);
      return { status: answer.status, json: JSON.parse(await answer.text()) };
    };
    return simulation.run(asked());
  };
  const create = () => ask(tasksPath, { name: 'a', ...spec });
  const records = async () => (await ask(tasksPath)).json.tasks;
  return { simulation, cluster, broken, create, records };
}

describe('a Task whose answer was lost', () => {
  test('is looked for, and acknowledged when it is there', async () => {
    const { broken, create, records, cluster } = await bench();
    broken.unanswered.add('create tasks');
    expect((await create()).status).toBe(200);
    expect(await records()).toEqual([expect.objectContaining({ state: 'SUBMITTED' })]);
    expect(cluster.all(tasks)).toHaveLength(1);
  });

  test('is found later when the cluster was away altogether', async () => {
    const { simulation, broken, create, records } = await bench();
    broken.unanswered.add('create tasks');
    broken.isAwayAfterwards = true;
    expect((await create()).status).toBe(502);
    broken.unsent.clear();
    expect(await records()).toEqual([expect.objectContaining({ state: 'PENDING' })]);
    broken.unanswered.clear();
    await simulation.advance(2 * minute);
    expect(await records()).toEqual([expect.objectContaining({ state: 'SUBMITTED' })]);
  });

  test('ends its record when it never arrived, and the name is free', async () => {
    const { simulation, broken, create, records, cluster } = await bench();
    broken.unsent.add('create tasks');
    expect((await create()).status).toBe(502);
    await simulation.advance(2 * minute);
    expect(await records()).toEqual([
      expect.objectContaining({
        state: 'FAILED',
        status: 'FAILED',
        statusReason: expect.stringMatching(/^NotSubmitted: /),
        endTime: expect.any(Number),
      }),
    ]);
    expect(cluster.all(tasks)).toEqual([]);
    broken.unsent.clear();
    expect((await create()).status).toBe(200);
    await simulation.advance(2 * minute);
    expect((await records()).map(({ state }: { state: string }) => state).sort()).toEqual(['FAILED', 'SUBMITTED']);
  });

  test('is not taken for another one of its name', async () => {
    const { simulation, broken, create, records, cluster } = await bench();
    broken.unsent.add('create tasks');
    await create();
    cluster.create<Task>(tasks, { metadata: { name: 'proj1-a' }, spec: { projectId: 'proj1', ...spec } });
    broken.unsent.clear();
    await simulation.advance(2 * minute);
    expect(await records()).toEqual([expect.objectContaining({ state: 'FAILED' })]);
  });
});

describe('a Task of which nobody reports', () => {
  test('was deleted before the operator saw it: its record is cancelled', async () => {
    const { simulation, create, records, cluster } = await bench();
    await create();
    await simulation.advance(10 * minute);
    expect(await records()).toEqual([expect.objectContaining({ state: 'SUBMITTED' })]);
    cluster.delete(tasks, 'default', 'proj1-a');
    await simulation.advance(3 * minute);
    expect(await records()).toEqual([expect.objectContaining({ state: 'CANCELLED', statusReason: 'Deleted' })]);
  });

  test('has left a Job behind: that is still to be reported', async () => {
    const { simulation, create, records, cluster } = await bench();
    await create();
    const uid = cluster.find<Task>(tasks, 'proj1-a')?.metadata?.uid ?? '';
    const owner = { apiVersion: 'fabric.orrery.dev/v1', kind: 'Task', name: 'proj1-a', uid, controller: true };
    cluster.create(jobs, { metadata: { name: 'proj1-a', ownerReferences: [owner] } });
    cluster.delete(tasks, 'default', 'proj1-a');
    await simulation.advance(10 * minute);
    expect(await records()).toEqual([expect.objectContaining({ state: 'SUBMITTED' })]);
  });

  test('has ended, and its pool keeps records in the cluster: its own status counts', async () => {
    const { simulation, create, records, cluster } = await bench();
    await create();
    const endTime = new Date(simulation.now()).toISOString();
    const status = { state: 'FAILED', statusReason: 'Error', exitCode: 3, endTime };
    cluster.patch(tasks, 'default', 'proj1-a', { status });
    await simulation.advance(3 * minute);
    expect(await records()).toEqual([
      expect.objectContaining({ state: 'FAILED', statusReason: 'Error', exitCode: 3, endTime: Date.parse(endTime) }),
    ]);
  });
});
