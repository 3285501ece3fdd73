/** An operator's Deployment as a scenario brings it up, kills it and has it come back, tried on a simulated cluster. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubernetesClient } from '../../../../kubernetes/client.ts';
import { kubeConfigFor } from '../../../../kubernetes/cluster-access.ts';
import type { KubernetesObject, Pod } from '../../../../kubernetes/objects.ts';
import { pods } from '../../../../kubernetes/resources.ts';
import type { Program } from '../../../../simulator/node/runtimes/programs/program.ts';
import { type SimulatedProcess, Simulation } from '../../../../world/simulated/simulation.ts';
import { SimulatedCluster } from '../../sim/cluster.ts';
import { readBase } from './manifests.ts';
import { ServiceNotReadyError } from './readiness.ts';
import { DeployedServices, typeOf } from './services.ts';

const base = readBase();
/** Where deploy/base asks the operator whether it is well. */
const healthPort = 8082;

/** Is well, and runs on for ten seconds after SIGTERM, as one that finishes its work. */
const slowToEnd: Program = async ({ world, pod, signal }) => {
  await world.network.listen(`${pod.address}:${healthPort}`, (_request, response) => {
    response.head(200, {});
    response.end();
  });
  await world.clock.sleep(24 * 3600_000, signal).catch(() => undefined);
  await world.clock.sleep(10_000);
  return 0;
};
let crashes = 0;
const crashesOnce: Program = async (context) => {
  crashes += 1;
  if (crashes === 1) return 3;
  return slowToEnd(context);
};
const cannotStart: Program = async ({ write }) => {
  await write('cannot start\n', 'stderr');
  return 1;
};

let simulation: Simulation;
let harness: SimulatedProcess;
let client: KubernetesClient;
beforeEach(async () => {
  simulation = new Simulation({ seed: 1, startAt: Date.UTC(2026, 0, 1) });
  const programs = {
    'orrery/operator:good': slowToEnd,
    'orrery/operator:bad': crashesOnce,
    'orrery/operator:dumb': cannotStart,
  };
  const cluster = new SimulatedCluster({ simulation, programs, folder: '/nodes' });
  harness = simulation.process('harness');
  client = cluster.client(harness);
  crashes = 0;
  await run(
    (async () => {
      await cluster.startApiServer();
      await cluster.startNode('node-1', '10.0.0.1');
      await cluster.createNamespace(client, 'trial');
    })(),
  );
});
afterEach(() => simulation.shutDown());

const run = <T>(work: Promise<T>) => simulation.run(work);
const operatorOf = (tag: string) =>
  new DeployedServices({
    world: harness,
    client,
    access: kubeConfigFor({ server: 'http://nobody:80' }),
    base,
    namespace: 'trial',
    labels: { 'orrery.dev/run': 'abc' },
    settings: { gateway: false, content: false },
    imageOf: (image) => `${image}:${tag}`,
    signal: new AbortController().signal,
  });
const podNames = async () =>
  (await run(client.list<Pod>(pods, { namespace: 'trial' }))).items.map(({ metadata }) => metadata?.name);

describe('a deployed operator', () => {
  test('is up when its pod is ready, and its namespace holds what deploy/base says', async () => {
    const services = operatorOf('good');
    await run(services.up());
    expect(services.isRunning('operator')).toBe(true);
    expect(await podNames()).toHaveLength(1);
    const wanted = base.objects.filter(({ metadata }) => /operator|nobody/.test(metadata?.name ?? ''));
    for (const object of wanted) {
      const held = await run(client.get<KubernetesObject>(typeOf(object), 'trial', object.metadata?.name ?? ''));
      expect(held.metadata?.labels).toMatchObject({ 'orrery.dev/run': 'abc' });
    }
  });

  test('that is killed has a second, is gone when that is told, and is not replaced until it is started', async () => {
    const services = operatorOf('good');
    await run(services.up());
    const [before] = await podNames();
    const begun = harness.clock.now();
    await run(services.kill('operator'));
    expect(harness.clock.now() - begun).toBeLessThan(3000);
    expect([services.isRunning('operator'), await podNames()]).toEqual([false, []]);
    await run(harness.clock.sleep(60_000));
    expect(await podNames()).toEqual([]);
    await run(services.start('operator'));
    expect(services.isRunning('operator')).toBe(true);
    expect(await podNames()).not.toContain(before);
    expect(await run(services.mishaps())).toEqual([]);
  });

  test('that ended by itself is told of, although its cluster started it again', async () => {
    const services = operatorOf('bad');
    await run(services.up());
    await run(harness.clock.sleep(60_000));
    expect(await run(services.mishaps())).toEqual(['operator restarted 1 times (Error, 3)']);
  });

  test('that does not come up is told with its last words', async () => {
    const error = await run(
      operatorOf('dumb')
        .up()
        .catch((caught: unknown) => caught),
    );
    expect((error as Error).message).toMatch(
      /is not ready after 18\d s: it ended with 1 \(Error\)\nits last words: cannot start/,
    );
  });

  test('whose image is nowhere is given up soon, with what to do', async () => {
    const error = await run(
      operatorOf('lost')
        .up()
        .catch((caught: unknown) => caught),
    );
    expect(error).toBeInstanceOf(ServiceNotReadyError);
    expect((error as Error).message).toContain('its image does not come: ImagePullBackOff');
    expect((error as ServiceNotReadyError).remedy).toContain('push orrery/operator:lost');
  });
});
