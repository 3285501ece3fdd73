/**
 * What a scenario may do to deployed services, and when its recording stands still: with a cluster that holds nothing.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { ownWorld } from '../controlplane/own-world.ts';
import type { FabricService } from '../environment.ts';
import { deployedAbilities } from './abilities.ts';
import { ClusterEnvironment, NotOfDeployedError } from './environment.ts';
import { placementOf } from './service-placement.ts';
import type { FabricServices } from './services.ts';
import type { SharedCluster } from './shared-cluster.ts';

const emptyClient = {
  list: async () => ({ metadata: { resourceVersion: '1' }, items: [] }),
  watch: async () => ({ ended: new Promise(() => undefined), stop: () => undefined }),
} as unknown as KubernetesClient;

class FakeServices implements FabricServices {
  readonly gateway = undefined;
  readonly content = undefined;
  readonly seesRequests = false;
  readonly calls: string[] = [];
  readonly running = new Set<FabricService>(['operator', 'gateway', 'content']);
  failure: Error | undefined;

  async up() {
    this.calls.push('up');
  }
  isRunning(service: FabricService) {
    return this.running.has(service);
  }
  async start(service: FabricService) {
    this.calls.push(`start ${service}`);
  }
  async kill(service: FabricService) {
    this.calls.push(`kill ${service}`);
  }
  async reports() {
    this.calls.push('reports');
    if (this.failure) throw this.failure;
    return [];
  }
  async mishaps() {
    return ['operator restarted 1 times (OOMKilled, 137)'];
  }
  async stop() {
    this.calls.push('stop');
  }
}

let services: FakeServices;
let released: string[];
let ending: AbortController;
const up = () => {
  const cluster: SharedCluster = {
    world: ownWorld('cluster').world,
    folder: '',
    clientOf: () => emptyClient,
    imageOf: (image) => image,
    claim: async () => undefined,
    deploy: () => services,
    outputsIn: async () => ({ of: () => undefined, settled: async () => undefined }),
    release: async (namespace) => void released.push(namespace),
    signal: ending.signal,
    end: async () => undefined,
  };
  return ClusterEnvironment.up({
    name: 'kind',
    cluster,
    abilities: deployedAbilities,
    settings: {},
    namespace: 'trial',
    place: placementOf([], undefined),
    begun: 0,
  });
};
beforeEach(() => {
  services = new FakeServices();
  released = [];
  ending = new AbortController();
});
let environment: ClusterEnvironment | undefined;
afterEach(() => environment?.down());

test('a deployed operator is killed and comes back, and the recording says from when to when', async () => {
  environment = await up();
  expect(environment.services.at).toBe('deployed');
  await environment.faults.kill('operator');
  await environment.faults.start('operator');
  expect(services.calls).toEqual(['up', 'kill operator', 'start operator']);
  const at = expect.any(Number);
  expect(environment.recording.faults).toEqual([
    { description: 'operator down', service: 'operator', from: at, to: at },
  ]);
  expect(await environment.mishaps()).toEqual(['operator restarted 1 times (OOMKilled, 137)']);
});

test('what only a process can show is refused, with the ability that the scenario has to need', async () => {
  environment = await up();
  const { faults } = environment;
  expect(() => faults.killAtRequest('operator', () => true)).toThrow(NotOfDeployedError);
  expect(() => faults.killAtRequest('operator', () => true)).toThrow('need "kills at a request"');
  await expect(faults.kill('gateway')).rejects.toThrow('need "service restarts"');
  expect(services.calls).toEqual(['up']);
});

test('what is judged in one go is collected once, and anew when the scenario goes on or it failed', async () => {
  environment = await up();
  const asked = () => services.calls.filter((call) => call === 'reports').length;
  await environment.collect();
  await environment.collect();
  expect(asked()).toBe(1);
  await environment.settle(Promise.resolve());
  services.failure = new Error('gone');
  await expect(environment.collect()).rejects.toThrow('gone');
  services.failure = undefined;
  await environment.collect();
  expect(asked()).toBe(3);
});

test('nothing comes up once the run has ended, and what came up is released once', async () => {
  environment = await up();
  await environment.down();
  expect([services.calls, released]).toEqual([['up', 'stop'], ['trial']]);
  environment = undefined;
  ending.abort(new Error('the run ends'));
  await expect(up()).rejects.toThrow('the run ends');
  expect(services.calls).toEqual(['up', 'stop']);
});
