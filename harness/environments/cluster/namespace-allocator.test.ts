/**
 * Which namespaces a run touches, tried on a simulated cluster: its own, or the one that it was given and nothing
 * beside it.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installDefinitions } from '../../../fabric/operator/install.ts';
import { reportFinalizer } from '../../../fabric/task/labels.ts';
import { actor } from '../../../fixtures/actor/actor.ts';
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import type { Deployment, Job, KubernetesObject, Namespace } from '../../../kubernetes/objects.ts';
import { configMaps, deployments, jobs, namespaces, pods } from '../../../kubernetes/resources.ts';
import { type SimulatedProcess, Simulation } from '../../../world/simulated/simulation.ts';
import { SimulatedCluster } from '../sim/cluster.ts';
import { givenNamespace, type NamespaceAllocator, NamespaceInUseError, ownNamespaces } from './namespace-allocator.ts';

let simulation: Simulation;
let harness: SimulatedProcess;
let client: KubernetesClient;
const options = () => ({
  client,
  clock: harness.clock,
  labels: { 'orrery.dev/run': 'abc' },
  namespaceLabels: { level: 'baseline' },
  deployedTypes: [deployments],
});
beforeEach(async () => {
  simulation = new Simulation({ seed: 1, startAt: Date.UTC(2026, 0, 1) });
  const cluster = new SimulatedCluster({ simulation, programs: { 'orrery/actor': actor }, folder: '/nodes' });
  harness = simulation.process('harness');
  client = cluster.client(harness);
  await simulation.run(
    (async () => {
      await cluster.startApiServer();
      await cluster.startNode('node-1', '10.0.0.1');
      await installDefinitions(harness, client);
      await cluster.createNamespace(client, 'theirs');
    })(),
  );
});
afterEach(() => simulation.shutDown());

const job = (namespace: string, wish: Partial<Job['metadata']> = {}): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'work', namespace, ...wish },
  spec: {
    template: {
      spec: { restartPolicy: 'Never', containers: [{ name: 'task', image: 'orrery/actor', args: ['sleep 1h'] }] },
    },
  },
});
const deployment = (name: string, labels: Record<string, string>): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels },
  spec: {
    replicas: 0,
    selector: { matchLabels: { name } },
    template: { metadata: { labels: { name } }, spec: { containers: [{ name, image: 'orrery/actor' }] } },
  },
});
const run = <T>(work: Promise<T>) => simulation.run(work);
const namesOf = async () =>
  (await run(client.list<Namespace>(namespaces))).items.map(({ metadata }) => metadata?.name ?? '');

test('own namespaces carry the run’s label and those of deploy/base, and are gone at the end', async () => {
  const allocator = ownNamespaces(options());
  await run(allocator.claim('run-1'));
  const made = await run(client.get<Namespace>(namespaces, undefined, 'run-1'));
  expect(made.metadata?.labels).toMatchObject({ 'orrery.dev/run': 'abc', level: 'baseline' });
  await run(client.create(jobs, 'run-1', job('run-1', { finalizers: [reportFinalizer] })));
  await run(allocator.release('run-1'));
  await run(allocator.end());
  expect(await namesOf()).not.toContain('run-1');
  expect(await namesOf()).toContain('theirs');
});

describe('a namespace that is given', () => {
  let allocator: NamespaceAllocator;
  beforeEach(() => {
    allocator = givenNamespace('theirs', options());
  });

  test('stays, with what others have there, and what scenarios made is gone', async () => {
    const theirs: KubernetesObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } };
    await run(client.create(configMaps, 'theirs', theirs));
    await run(client.create(deployments, 'theirs', deployment('web', {})));
    await run(allocator.claim('theirs'));
    await run(client.create(deployments, 'theirs', deployment('operator', { 'orrery.dev/run': 'abc' })));
    await run(client.create(jobs, 'theirs', job('theirs', { finalizers: [reportFinalizer] })));
    await run(allocator.release('theirs'));
    const left = async (type: typeof jobs) =>
      (await run(client.list(type, { namespace: 'theirs' }))).items.map(({ metadata }) => metadata?.name);
    expect([await left(jobs), await left(pods), await left(deployments)]).toEqual([[], [], ['web']]);
    await run(allocator.claim('theirs'));
    await run(allocator.end());
    expect(await left(configMaps)).toContain('settings');
    expect(await namesOf()).toContain('theirs');
  });

  test('with work in it is refused, and the work stays', async () => {
    await run(client.create(jobs, 'theirs', job('theirs')));
    const error = await run(allocator.claim('theirs').catch((caught: unknown) => caught));
    expect(error).toBeInstanceOf(NamespaceInUseError);
    expect((error as Error).message).toContain('the namespace theirs holds Job work');
    await run(allocator.release('theirs'));
    await run(allocator.end());
    expect((await run(client.list(jobs, { namespace: 'theirs' }))).items).toHaveLength(1);
  });

  test('that is not there is made, and goes at the end', async () => {
    const other = givenNamespace('other', options());
    await run(other.claim('other'));
    await run(other.release('other'));
    expect(await namesOf()).toContain('other');
    await run(other.end());
    expect(await namesOf()).not.toContain('other');
  });
});
