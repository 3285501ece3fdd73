/** A simulated API server with some of its controllers, for their tests. */
import type { KubernetesClient } from '../../kubernetes/client.ts';
import type { Job, KubernetesObject } from '../../kubernetes/objects.ts';
import { events, jobs, type ResourceType } from '../../kubernetes/resources.ts';
import { Simulation } from '../../world/simulated/simulation.ts';
import { makeDefaultAccount } from '../apiserver/default-account.fixture.ts';
import { ApiServer } from '../apiserver/server.ts';
import { type ControllerName, startControllers } from './control-plane.ts';

const dayMs = 24 * 3_600_000;

export class TestCluster {
  readonly simulation: Simulation;
  readonly client: KubernetesClient;

  private constructor(simulation: Simulation, client: KubernetesClient) {
    this.simulation = simulation;
    this.client = client;
  }

  static async start(only: readonly ControllerName[], startAt = Date.UTC(2026, 0, 1)): Promise<TestCluster> {
    const simulation = new Simulation({ seed: 7, startAt });
    const server = new ApiServer({ world: simulation.process('apiserver') });
    const starting = startControllers({
      world: simulation.process('controllers'),
      client: (caller) => server.client(caller),
      resources: () => server.resources(),
      whenStored: (type, begin) => server.whenStored(type, begin),
      only,
    });
    await simulation.run(starting);
    const client = server.client('test');
    if (!only.includes('service-account-controller')) await simulation.run(makeDefaultAccount(client));
    return new TestCluster(simulation, client);
  }

  run<T>(promise: Promise<T>): Promise<T> {
    return this.simulation.run(promise);
  }

  /** Moves on to the instant, RFC 3339. */
  async advanceTo(time: string): Promise<void> {
    const leftMs = () => Date.parse(time) - this.simulation.now();
    for (let left = leftMs(); left > 0; left = leftMs()) await this.simulation.advance(Math.min(left, dayMs));
  }

  create<T extends KubernetesObject>(type: ResourceType, object: T): Promise<T> {
    return this.run(this.client.create<T>(type, object.metadata?.namespace, object));
  }

  /** Undefined if it is not there. */
  async find<T extends KubernetesObject>(
    type: ResourceType,
    name: string,
    namespace = 'default',
  ): Promise<T | undefined> {
    const all = await this.list<T>(type, type.namespaced ? namespace : undefined);
    return all.find(({ metadata }) => metadata?.name === name);
  }

  async list<T extends KubernetesObject>(type: ResourceType, namespace?: string): Promise<T[]> {
    return (await this.run(this.client.list<T>(type, { ...(namespace === undefined ? {} : { namespace }) }))).items;
  }

  async names(type: ResourceType, namespace = 'default'): Promise<string[]> {
    return (await this.list(type, namespace)).map(({ metadata }) => metadata?.name ?? '');
  }

  /** `reason: message` of all events in the namespace, in order of their first time. */
  async events(namespace = 'default'): Promise<string[]> {
    const all = await this.list<KubernetesObject & { reason?: string; message?: string }>(events, namespace);
    return all.map(({ reason, message }) => `${reason}: ${message}`);
  }

  /** Ends a Job as the Job controller does. */
  async finish(name: string, type: 'Complete' | 'Failed' = 'Complete'): Promise<void> {
    const now = `${new Date(this.simulation.now()).toISOString().slice(0, 19)}Z`;
    const condition = (of: string) => ({ type: of, status: 'True', lastTransitionTime: now, lastProbeTime: now });
    const first = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
    const status = {
      startTime: now,
      conditions: [condition(first), condition(type)],
      ...(type === 'Complete' ? { completionTime: now, succeeded: 1 } : { failed: 1 }),
    };
    await this.run(this.client.patch<Job>(jobs, 'default', name, 'merge', { status }, { subresource: 'status' }));
  }
}

/** A template that every Job and CronJob of the tests has. */
export const podTemplate = {
  spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'actor:1' }] },
};
