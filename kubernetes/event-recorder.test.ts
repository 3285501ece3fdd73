import { describe, expect, test } from 'vitest';
import { Simulation } from '../world/simulated/simulation.ts';
import { ApiStatusError, type KubernetesClient } from './client.ts';
import { EventRecorder } from './event-recorder.ts';
import type { Event, Pod } from './objects.ts';

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'n', name: 'p', uid: 'u', resourceVersion: '7' },
};

function setUp() {
  const simulation = new Simulation({ seed: 5, startAt: Date.UTC(2026, 0, 1) });
  const created: Event[] = [];
  const patched: { name: string; patch: unknown }[] = [];
  const failures: { create?: Error; patch?: Error } = {};
  const client = {
    create: async (_: unknown, __: unknown, event: Event) => {
      if (failures.create) throw failures.create;
      created.push(event);
      return event;
    },
    patch: async (_: unknown, __: unknown, name: string, ___: string, patch: unknown) => {
      if (failures.patch) throw failures.patch;
      patched.push({ name, patch });
    },
  } as unknown as KubernetesClient;
  const world = simulation.process('kubelet');
  const recorder = new EventRecorder({ world, client, component: 'kubelet', host: 'node-1' });
  return { simulation, created, patched, failures, recorder };
}

describe('an event', () => {
  test('is named by its object and hexadecimal nanoseconds, and says who saw what', async () => {
    const { simulation, created, recorder } = setUp();
    recorder.event(pod, 'Warning', 'BackOff', 'no luck', 'spec.containers{main}');
    await simulation.run(recorder.flush());
    const [event] = created;
    const [name, hex] = event?.metadata.name?.split('.') ?? [];
    expect(name).toBe('p');
    expect(BigInt(`0x${hex}`) / 1_000_000n).toBe(BigInt(Date.UTC(2026, 0, 1)));
    expect(event).toMatchObject({
      metadata: { namespace: 'n' },
      involvedObject: { kind: 'Pod', name: 'p', namespace: 'n', uid: 'u', fieldPath: 'spec.containers{main}' },
      source: { component: 'kubelet', host: 'node-1' },
      type: 'Warning',
      reason: 'BackOff',
      message: 'no luck',
      count: 1,
      firstTimestamp: '2026-01-01T00:00:00Z',
    });
  });

  test('of the same instant as others has a name after theirs, so that lists keep the order', async () => {
    const { simulation, created, recorder } = setUp();
    for (let number = 0; number < 20; number++) recorder.event(pod, 'Normal', `Reason${number}`, 'm');
    await simulation.run(recorder.flush());
    const names = created.map(({ metadata }) => metadata.name);
    expect(names).toHaveLength(20);
    expect(names.toSorted()).toEqual(names);
  });

  test('of an object without a namespace goes to default', async () => {
    const { simulation, created, recorder } = setUp();
    recorder.event({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } }, 'Normal', 'NodeReady', 'ready');
    await simulation.run(recorder.flush());
    expect(created[0]?.metadata.namespace).toBe('default');
    expect(created[0]?.involvedObject).not.toHaveProperty('namespace');
  });

  test('that is identical is counted by a patch, not created', async () => {
    const { simulation, created, patched, recorder } = setUp();
    recorder.event(pod, 'Normal', 'Pulled', 'here');
    await simulation.advance(5_000);
    recorder.event(pod, 'Normal', 'Pulled', 'here');
    await simulation.advance(5_000);
    recorder.event(pod, 'Normal', 'Pulled', 'here');
    await simulation.run(recorder.flush());
    expect(created).toHaveLength(1);
    expect(patched.map(({ patch }) => patch)).toMatchObject([
      { count: 2, lastTimestamp: '2026-01-01T00:00:05Z' },
      { count: 3, lastTimestamp: '2026-01-01T00:00:10Z' },
    ]);
    expect(patched[0]?.name).toBe(created[0]?.metadata.name);
  });

  test('that has expired on the server is created anew', async () => {
    const { simulation, created, failures, recorder } = setUp();
    recorder.event(pod, 'Normal', 'Pulled', 'here');
    await simulation.run(recorder.flush());
    failures.patch = new ApiStatusError(404, { reason: 'NotFound' });
    recorder.event(pod, 'Normal', 'Pulled', 'here');
    await simulation.run(recorder.flush());
    expect(created).toHaveLength(2);
  });

  test('that cannot be sent is dropped, and the next one goes', async () => {
    const { simulation, created, failures, recorder } = setUp();
    failures.create = new Error('ECONNREFUSED');
    recorder.event(pod, 'Normal', 'Pulled', 'one');
    await simulation.run(recorder.flush());
    failures.create = undefined;
    recorder.event(pod, 'Normal', 'Pulled', 'two');
    await simulation.run(recorder.flush());
    expect(created.map((event) => event.message)).toEqual(['two']);
  });
});

describe('many events', () => {
  test('that differ in their message only are combined from the tenth on', async () => {
    const { simulation, created, patched, recorder } = setUp();
    for (let index = 1; index <= 12; index += 1) recorder.event(pod, 'Warning', 'Failed', `try ${index}`);
    await simulation.run(recorder.flush());
    expect(created).toHaveLength(10);
    expect(created[9]?.message).toBe('(combined from similar events): try 10');
    expect(patched.map(({ patch }) => patch)).toMatchObject([
      { count: 2, message: '(combined from similar events): try 11' },
      { count: 3, message: '(combined from similar events): try 12' },
    ]);
  });

  test('of one object: 25 at once, then one in five minutes', async () => {
    const { simulation, created, patched, recorder } = setUp();
    for (let index = 0; index < 40; index += 1) recorder.event(pod, 'Normal', 'Pulled', 'here');
    await simulation.run(recorder.flush());
    expect(created.length + patched.length).toBe(25);
    await simulation.advance(300_000);
    recorder.event(pod, 'Normal', 'Pulled', 'here');
    recorder.event(pod, 'Normal', 'Pulled', 'here');
    await simulation.run(recorder.flush());
    expect(created.length + patched.length).toBe(26);
  });
});
