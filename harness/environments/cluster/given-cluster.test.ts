/**
 * What environments on given clusters do there, tried on a simulated one: what containers wrote is known, and
 * namespaces are left empty.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reportFinalizer } from '../../../fabric/task/labels.ts';
import { actor } from '../../../fixtures/actor/actor.ts';
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import type { Job, Namespace } from '../../../kubernetes/objects.ts';
import { jobs, namespaces, pods } from '../../../kubernetes/resources.ts';
import { type SimulatedProcess, Simulation } from '../../../world/simulated/simulation.ts';
import type { JobHistory } from '../../recording/recording.ts';
import { SimulatedCluster } from '../sim/cluster.ts';
import { Outputs } from '../sim/outputs.ts';
import { PodOutputs } from './pod-outputs.ts';
import { namespacesWith, removeNamespace } from './remove-namespace.ts';

const MINUTE_MS = 60_000;

let simulation: Simulation;
let harness: SimulatedProcess;
let client: KubernetesClient;
let truth: Outputs;
beforeEach(async () => {
  simulation = new Simulation({ seed: 1, startAt: Date.UTC(2026, 0, 1) });
  truth = new Outputs();
  const cluster = new SimulatedCluster({
    simulation,
    programs: { 'orrery/actor': truth.counted(actor) },
    folder: '/nodes',
  });
  harness = simulation.process('harness');
  client = cluster.client(harness);
  await simulation.run(
    (async () => {
      await cluster.startApiServer();
      await cluster.startNode('node-1', '10.0.0.1');
      await cluster.createNamespace(client, 'agents');
    })(),
  );
});
afterEach(() => simulation.shutDown());

const job = (name: string, script: string, wish: Partial<Job['metadata']> = {}): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: 'agents', ...wish },
  spec: {
    backoffLimit: 1,
    template: {
      spec: { restartPolicy: 'Never', containers: [{ name: 'task', image: 'orrery/actor', args: [script] }] },
    },
  },
});

async function created(object: Job): Promise<JobHistory> {
  const { metadata } = await simulation.run(client.create<Job>(jobs, 'agents', object));
  return { uid: metadata?.uid ?? '' } as JobHistory;
}

describe('what the containers of a Job wrote', () => {
  let outputs: PodOutputs;
  let ending: AbortController;
  beforeEach(async () => {
    ending = new AbortController();
    outputs = await simulation.run(
      PodOutputs.start({ world: harness, client, namespace: 'agents', signal: ending.signal }),
    );
  });
  afterEach(() => ending.abort(new Error('the test ends')));

  test.each([
    ['one attempt', 'print begun; log 2000 lines; sleep 5s; print done'],
    ['two attempts, one after the other', 'print begun; sleep 3s; stderr sorry; exit 3'],
    ['a run without a word', 'sleep 1s'],
  ])('is known as it is: %s', async (_what, script) => {
    const history = await created(job('work', script));
    await simulation.advance(2 * MINUTE_MS);
    await simulation.run(outputs.settled());
    expect(truth.of(history)?.bytes ?? 0).toBe(outputs.of(history)?.bytes);
    if (script.includes('print')) expect(outputs.of(history)).toEqual(truth.of(history));
  });

  test('is not claimed while it runs', async () => {
    const history = await created(job('long', 'print begun; sleep 10m'));
    await simulation.advance(MINUTE_MS);
    expect(outputs.of(history)).toBeUndefined();
  });

  test('is not claimed of one that was deleted before it ended', async () => {
    const history = await created(job('cut', 'print begun; sleep 10m'));
    await simulation.advance(MINUTE_MS);
    await simulation.run(client.delete(jobs, 'agents', 'cut', { propagationPolicy: 'Background' }));
    await simulation.advance(MINUTE_MS);
    expect(outputs.of(history)).toBeUndefined();
  });

  test('is not claimed of a Job that was never seen', () => {
    expect(outputs.of({ uid: 'none' } as JobHistory)).toBeUndefined();
  });
});

describe('a namespace that a scenario leaves', () => {
  test('goes although its Jobs are held by an operator that is gone, and its pods ignore SIGTERM', async () => {
    await created(job('held', 'ignore TERM; sleep 1h', { finalizers: [reportFinalizer] }));
    await simulation.advance(MINUTE_MS);
    expect((await simulation.run(client.list(pods, { namespace: 'agents' }))).items).toHaveLength(1);
    await simulation.run(removeNamespace(client, harness.clock, 'agents'));
    const left = await simulation.run(client.list<Namespace>(namespaces));
    expect(left.items.map(({ metadata }) => metadata?.name)).not.toContain('agents');
  });

  test('that is gone already is gone', async () => {
    await expect(simulation.run(removeNamespace(client, harness.clock, 'never-was'))).resolves.toBeUndefined();
  });

  test('is found by the run’s label, others are not', async () => {
    const labelled: Namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'mine', labels: { run: 'a' } },
    };
    await simulation.run(client.create(namespaces, undefined, labelled));
    expect(await simulation.run(namespacesWith(client, { run: 'a' }))).toEqual(['mine']);
    expect(await simulation.run(namespacesWith(client, { run: 'b' }))).toEqual([]);
  });
});
