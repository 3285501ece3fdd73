/** The engine with runtimes of the test: what is ended is stopped, and a store that fails loses nothing. */
import { beforeEach, describe, expect, test } from 'vitest';
import { never } from '../../../world/simulated/life.ts';
import { type SimulatedProcess, Simulation } from '../../../world/simulated/simulation.ts';
import type { Outcome, Runtime } from '../runtimes/runtime.ts';
import type { Gateway } from '../settings.ts';
import { openEmbeddedStore } from '../stores/embedded/store.ts';
import { type Collection, type Document, type Store, StoreAwayError } from '../stores/store.ts';
import type { Plan } from './activation.ts';
import { Activations } from './activations.ts';
import { payloadBytesMaximum } from './flow.ts';

const plan: Plan = {
  nodes: [{ id: 'a', skillName: 'a', properties: {} }],
  wires: [
    { from: 'input', to: { node: 'a', input: 'in' } },
    { from: { node: 'a', output: 'out' }, to: { agentOutput: 'z' } },
  ],
};
const given = {
  ...{ activationId: 'x', projectId: 'p', username: 'u', channelId: 'c', sessionId: 's', sync: false },
  ...{ payload: 'in', properties: {}, headers: {}, plan },
};

let simulation: Simulation;
let inner: Store;
let isDeployed: boolean;
/** Of calls, by the next gateway. */
let canBeTakenUp: boolean;
/** What the call gives after a second; absent: it runs on. */
let outcome: Outcome | undefined;
let runs: boolean[];
let stops: number;
/** Thrown by each write to the store. */
let fault: ((written: object | undefined) => Error | undefined) | undefined;

beforeEach(() => {
  simulation = new Simulation({ seed: 1, startAt: Date.UTC(2026, 0, 1) });
  inner = openEmbeddedStore(':memory:');
  isDeployed = true;
  canBeTakenUp = true;
  outcome = undefined;
  runs = [];
  stops = 0;
  fault = undefined;
});

const store: Store = {
  isShared: false,
  async collection<T extends Document>(definition: Parameters<Store['collection']>[0]): Promise<Collection<T>> {
    const collection = await inner.collection<T>(definition);
    const update: Collection<T>['update'] = (id, change) =>
      collection.update(id, (current) => {
        const next = change(current);
        const error = next && fault?.(next);
        if (error) throw error;
        return next;
      });
    const { get, find, write } = collection;
    return { get: get.bind(collection), find: find.bind(collection), write: write.bind(collection), update };
  },
  close: () => inner.close(),
};

async function start(world: SimulatedProcess): Promise<Activations> {
  const runtime: Runtime = {
    canBeTakenUp,
    taskName: () => 'task',
    async run(_, isTakenUp, signal) {
      runs.push(isTakenUp);
      await world.clock.sleep(outcome ? 1_000 : 1_000_000_000, signal);
      return outcome ?? {};
    },
    async stop() {
      if (world.killed) return never();
      stops += 1;
    },
  };
  const inputs = [{ name: 'in', routing: { all: { action: 'a', runtime: 'cortex/jobs', output: 'out' } } }];
  const content = {
    document: { camel: '1.0.0', name: 'a', inputs, outputs: [{ name: 'out' }] },
    actions: [{ name: 'a' }],
  };
  const skills = { get: async () => ({ projectId: 'p', name: 'a', isDeployed, content }) };
  const gateway = { world, namespace: 'default', client: undefined, skills } as unknown as Gateway;
  const runtimes = { 'cortex/jobs': runtime, 'cortex/daemons': runtime, 'cortex/external-api': runtime };
  const activations = await Activations.open(gateway, store, runtimes);
  activations.start();
  return activations;
}

const open = (name = 'gateway') => simulation.run(start(simulation.process(name)));
const begun = async () => {
  const activations = await open();
  await simulation.run(activations.begin(given));
  await simulation.advance(100);
  return activations;
};

describe('cancelled', () => {
  test('its call is stopped once, also when its skill was undeployed meanwhile', async () => {
    const activations = await begun();
    isDeployed = false;
    await simulation.run(activations.cancel('x', false));
    await simulation.advance(60 * 60_000);
    expect(stops).toBe(1);
    expect(await activations.get('x')).not.toHaveProperty('isStopDue');
  });

  test('in flight, its call is left alone, and its end changes nothing', async () => {
    outcome = { output: 'late' };
    const activations = await begun();
    await simulation.run(activations.cancel('x', true));
    await simulation.advance(60 * 60_000);
    expect([stops, (await activations.get('x'))?.status]).toEqual([0, 'CANCELLED']);
    expect(await activations.get('x')).not.toHaveProperty('response');
  });

  test('by a gateway that dies at that moment, its call is stopped by the next', async () => {
    const dying = simulation.process('dying');
    const activations = await simulation.run(start(dying));
    await simulation.run(activations.begin(given));
    await simulation.advance(100);
    fault = (written) => {
      if ('isStopDue' in (written ?? {})) queueMicrotask(() => dying.kill());
      return undefined;
    };
    void activations.cancel('x', false);
    await simulation.advance(1_000);
    expect([dying.killed, stops]).toEqual([true, 0]);
    fault = undefined;
    await open('next');
    await simulation.advance(1_000);
    expect(stops).toBe(1);
  });

  test('before its call has begun, none is made', async () => {
    const activations = await open();
    await simulation.run(activations.begin(given).then(() => activations.cancel('x', false)));
    await simulation.advance(1_000);
    expect([runs, (await activations.get('x'))?.steps[0]?.status]).toEqual([[], 'CANCELLED']);
  });
});

test('a message that makes it too large is not taken, ends it with a reason, and stops its job', async () => {
  const activations = await begun();
  const large = 'x'.repeat(payloadBytesMaximum / 2);
  expect(await simulation.run(activations.message('x', '0', 'out', 'small'))).toBe(true);
  expect(await simulation.run(activations.message('x', '0', 'out', large))).toBe(false);
  await simulation.advance(1_000);
  expect([stops, await activations.get('x')]).toMatchObject([1, { status: 'ERROR', response: ['small'] }]);
});

describe('a store', () => {
  test('that is away for ten minutes delays the end, and the call is not repeated', async () => {
    outcome = { output: 'done' };
    const activations = await begun();
    fault = () => new StoreAwayError('here', new Error('no answer'));
    await simulation.advance(10 * 60_000);
    fault = undefined;
    await simulation.advance(2_000);
    expect(await activations.get('x')).toMatchObject({ status: 'COMPLETE', response: 'done' });
    expect(runs).toEqual([false]);
  });

  test('that refuses an outcome ends the step with the reason', async () => {
    outcome = { output: 'done' };
    const activations = await begun();
    fault = (written) => (JSON.stringify(written).includes('done') ? new Error('document too large') : undefined);
    await simulation.advance(60_000);
    expect(await activations.get('x')).toMatchObject({
      status: 'ERROR',
      error: { message: expect.stringContaining('document too large') },
    });
    expect(runs).toEqual([false]);
  });

  test('that is away when the gateway starts is looked through soon after', async () => {
    const left = await simulation.run(start(simulation.process('killed')));
    await simulation.run(left.begin(given));
    await simulation.advance(100);
    await simulation.run(left.stop(0));
    outcome = { output: 'done' };
    fault = () => new StoreAwayError('here', new Error('no answer'));
    const activations = await open('next');
    await simulation.advance(30_000);
    fault = undefined;
    await simulation.advance(10_000);
    expect(await activations.get('x')).toMatchObject({ status: 'COMPLETE', response: 'done' });
  });
});

describe('a gateway that is stopping', () => {
  const stopping = async (graceMs: number) => {
    const activations = await begun();
    const before = simulation.now();
    await simulation.run(activations.stop(graceMs));
    return { activations, tookMs: simulation.now() - before };
  };

  test('waits for a call that nobody can take up, and no longer', async () => {
    outcome = { output: 'done' };
    canBeTakenUp = false;
    const { activations, tookMs } = await stopping(5_000);
    expect(tookMs).toBe(900);
    expect(await activations.get('x')).toMatchObject({ status: 'COMPLETE', response: 'done' });
  });

  test('waits for it no longer than it may', async () => {
    canBeTakenUp = false;
    const { activations, tookMs } = await stopping(5_000);
    expect(tookMs).toBe(5_000);
    expect(await activations.get('x')).toMatchObject({ status: 'STARTED' });
  });

  test('lets go at once of a call that the next one takes up', async () => {
    outcome = { output: 'done' };
    const { tookMs } = await stopping(5_000);
    expect(tookMs).toBe(0);
    const next = await open('next');
    await simulation.advance(5_000);
    expect(await next.get('x')).toMatchObject({ status: 'COMPLETE', response: 'done' });
    expect(runs).toEqual([false, true]);
  });

  test('begins nothing any more', async () => {
    const activations = await open();
    await simulation.run(activations.stop(0));
    await simulation.run(activations.begin(given));
    await simulation.advance(5_000);
    expect(runs).toEqual([]);
    expect(await activations.get('x')).toMatchObject({ status: 'STARTED', steps: [{ status: 'PENDING' }] });
  });
});
