import { beforeEach, expect, it } from 'vitest';
import { Simulation } from '../../../world/simulated/simulation.ts';
import { FakeCluster } from '../../operator/testing/fake-cluster.ts';
import { type Task, tasks } from '../../task/index.ts';
import { startGateway } from '../server.ts';
import { openEmbeddedStore } from '../stores/embedded/store.ts';
import { agent, skill } from './scheduling.fixture.ts';

let simulation: Simulation;
let cluster: FakeCluster;
const store = () => openEmbeddedStore(':memory:');
let kept: ReturnType<typeof store>;
/** Calls of the cluster that are refused for now. */
let isAway = false;

beforeEach(() => {
  simulation = new Simulation({ seed: 5, startAt: Date.UTC(2026, 0, 1) });
  cluster = new FakeCluster(() => simulation.now());
  kept = store();
  isAway = false;
});

/** A gateway of another version, over the same store and cluster. */
async function gatewayOf(invokeImage: string, apiEndpoint = 'http://cortex-internal') {
  const world = simulation.process('gateway');
  const client = cluster.client({
    before: () => {
      if (isAway) throw new Error('connection refused');
    },
  });
  const options = { world, address: 'gateway:80', store: kept, client, createProjectsOnUse: true };
  await simulation.run(startGateway({ ...options, invokeImage, apiEndpoint }));
  await simulation.advance(1_000);
  return world;
}

async function ask(path: string, method = 'GET', body?: object) {
  const { network } = simulation.process('client');
  const asked = async () => {
    const sent = body ? { body: JSON.stringify(body) } : {};
    const answer = await network.fetch(`http://gateway/fabric/v4/projects/${path}`, { method, ...sent });
    return { status: answer.status, json: (await answer.json()) as Record<string, never> };
  };
  return simulation.run(asked());
}

async function scheduledIn(project: string) {
  await ask(`${project}/skills`, 'POST', skill('look'));
  await ask(`${project}/agents`, 'POST', agent('hubble'));
  const path = `${project}/agentinvoke/hubble/services/input?scheduleCron=@hourly`;
  expect((await ask(path, 'POST', { payload: 1 })).status).toBe(200);
}

const taskOf = (name: string) => cluster.find<Task>(tasks, name) as Task;

it('another image makes the next version of the skill and changes the schedules, of every project', async () => {
  const old = await gatewayOf('gateway:1');
  await scheduledIn('p1');
  await scheduledIn('p2');
  await ask('p1/tasks/p1-hubble/pause', 'POST');
  const before = taskOf('p1-hubble');
  old.kill();
  await gatewayOf('gateway:2', 'http://elsewhere');
  for (const project of ['p1', 'p2']) {
    expect(taskOf(`${project}-hubble`).spec?.image).toBe('gateway:2');
    const { json } = await ask(`${project}/skills/sys-invoke-skill`);
    expect(JSON.stringify(json)).toContain('gateway:2');
  }
  const { spec, metadata } = taskOf('p1-hubble');
  expect(metadata?.uid).toBe(before.metadata?.uid);
  expect(spec).toEqual({ ...before.spec, image: 'gateway:2', payload: spec?.payload });
  const payload = JSON.parse(before.spec?.payload ?? '');
  expect(JSON.parse(spec?.payload ?? '')).toEqual({ ...payload, apiEndpoint: 'http://elsewhere' });
});

it('the same gateway again changes nothing', async () => {
  const old = await gatewayOf('gateway:1');
  await scheduledIn('p1');
  old.kill();
  const before = taskOf('p1-hubble');
  await gatewayOf('gateway:1');
  expect(taskOf('p1-hubble')).toEqual(before);
  expect(cluster.calls.filter((call) => call.startsWith('patch tasks'))).toEqual([]);
});

it('tasks of other kinds are left alone', async () => {
  const old = await gatewayOf('gateway:1');
  const body = { name: 'mine', skillName: 's', actionName: 'a', image: 'gateway:1', schedule: '@daily' };
  expect((await ask('p1/tasks', 'POST', body)).status).toBeLessThan(300);
  old.kill();
  await gatewayOf('gateway:2');
  expect(taskOf('p1-mine').spec?.image).toBe('gateway:1');
});

it('a cluster that is away at the start is asked again', async () => {
  const old = await gatewayOf('gateway:1');
  await scheduledIn('p1');
  old.kill();
  isAway = true;
  await gatewayOf('gateway:2');
  expect(taskOf('p1-hubble').spec?.image).toBe('gateway:1');
  isAway = false;
  await simulation.advance(15_000);
  expect(taskOf('p1-hubble').spec?.image).toBe('gateway:2');
});
