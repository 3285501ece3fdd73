/**
 * A gateway that is killed before and after each of its calls to the store while activations are under way, and started
 * again: what was acknowledged ends, nothing is stuck, no job and no daemon is asked twice. Jobs live on while the
 * gateway is dead, as in a cluster.
 */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { type SimulatedProcess, Simulation } from '../../../world/simulated/simulation.ts';
import type { World } from '../../../world/world.ts';
import { dyingCalls, type Moment, storeThrough } from '../dying.fixture.ts';
import type { Call, Outcome, Runtime } from '../runtimes/runtime.ts';
import type { Gateway } from '../settings.ts';
import { openEmbeddedStore } from '../stores/embedded/store.ts';
import type { Activation, Plan } from './activation.ts';
import { Activations } from './activations.ts';
import { isOver } from './flow.ts';

const jobMs = 4_000;
const messages = ['one', 'two', 'three'];
const daemonLost = 'the gateway ended meanwhile';

/** What runs outside the gateway, and outlives it. */
class Outside {
  readonly simulation: Simulation;
  /** When each job began, and what each sent that was taken, by the id of its call. */
  readonly jobs = new Map<string, { readonly endsAt: number; readonly taken: string[] }>();
  readonly daemonCalls: string[] = [];
  #gateway: Activations | undefined;

  constructor(simulation: Simulation) {
    this.simulation = simulation;
  }

  connect(gateway: Activations): void {
    this.#gateway = gateway;
  }

  runtimesOf(world: World): Record<'cortex/jobs' | 'cortex/daemons' | 'cortex/external-api', Runtime> {
    const jobs: Runtime = {
      canBeTakenUp: true,
      taskName: ({ id }) => `task of ${id}`,
      run: async (call, _, signal) => {
        if (!this.jobs.has(call.id)) this.#startJob(call);
        const wait = (this.jobs.get(call.id)?.endsAt ?? 0) - world.clock.now();
        if (wait > 0) await world.clock.sleep(wait, signal);
        return outcomeOf(call);
      },
      stop: async () => undefined,
    };
    const daemons: Runtime = {
      canBeTakenUp: false,
      taskName: () => undefined,
      run: async (call, isTakenUp, signal) => {
        if (isTakenUp) return { error: daemonLost };
        this.daemonCalls.push(call.id);
        await world.clock.sleep(100, signal);
        return outcomeOf(call);
      },
      stop: async () => undefined,
    };
    return { 'cortex/jobs': jobs, 'cortex/daemons': daemons, 'cortex/external-api': daemons };
  }

  #startJob(call: Call): void {
    const { clock } = this.simulation.process('job');
    const job = { endsAt: clock.now() + jobMs, taken: [] as string[] };
    this.jobs.set(call.id, job);
    if (call.skill.name !== 'sender') return;
    const { activationId, channelId } = call.message;
    // As an SDK does that is not answered: the message is sent again.
    const send = async (text: string): Promise<void> => {
      while (!job.taken.includes(text) && clock.now() < job.endsAt) {
        void this.#gateway
          ?.get(activationId)
          .then((activation) => activation?.steps.find((step) => step.channelId === channelId))
          .then((step) => step && this.#gateway?.message(activationId, step.id, 'out', text))
          .then((isTaken) => isTaken && job.taken.push(text));
        await clock.sleep(300);
      }
    };
    void (async () => {
      for (const text of messages) await send(text);
    })();
  }
}

function outcomeOf({ skill, message }: Call): Outcome {
  const output = `${String(message.payload)}>${skill.name}`;
  return skill.name === 'fails' ? { output, error: 'exit 3' } : { output };
}

const routings: Record<string, 'cortex/jobs' | 'cortex/daemons'> = {
  job: 'cortex/jobs',
  fails: 'cortex/jobs',
  sender: 'cortex/jobs',
  daemon: 'cortex/daemons',
};

function skill(name: string) {
  const runtime = routings[name];
  const inputs = [{ name: 'in', routing: { all: { action: name, runtime, output: 'out' } } }];
  const document = { camel: '1.0.0', name, inputs, outputs: [{ name: 'out' }] };
  return { projectId: 'p', name, isDeployed: true, content: { document, actions: [{ name }] } };
}

function planOf(...wires: readonly (readonly [string, string])[]): Plan {
  const names = [...new Set(wires.flat())].filter((name) => name !== 'input' && name !== 'output');
  return {
    nodes: names.map((id) => ({ id, skillName: id.split(' ')[0] ?? id, properties: {} })),
    wires: wires.map(([from, to]) => ({
      from: from === 'input' ? 'input' : { node: from, output: 'out' },
      to: to === 'output' ? { agentOutput: 'z' } : { node: to, input: 'in' },
    })),
  };
}

/** Each begun at once with the others. */
const plans: Readonly<Record<string, Plan>> = {
  chain: planOf(['input', 'job'], ['job', 'fails'], ['fails', 'job 2'], ['job 2', 'output']),
  join: planOf(['input', 'job'], ['input', 'fails'], ['job', 'job 3'], ['fails', 'job 3'], ['job 3', 'output']),
  sender: planOf(['input', 'sender'], ['sender', 'job'], ['job', 'output']),
  daemon: planOf(['input', 'daemon'], ['daemon', 'job'], ['job', 'output']),
};

interface Played {
  readonly wasKilled: boolean;
  readonly acknowledged: number;
}

async function play(deathAt: number, moment: Moment): Promise<Played> {
  const simulation = new Simulation({ seed: deathAt, startAt: Date.UTC(2026, 0, 1) });
  const outside = new Outside(simulation);
  const database = new DatabaseSync(':memory:');
  const place = `killed ${moment} call ${deathAt}`;
  const start = async (world: SimulatedProcess, at?: number): Promise<Activations> => {
    const store = storeThrough(openEmbeddedStore(database), dyingCalls(world, at, moment));
    const skills = { get: async (_: string, name: string) => skill(name) };
    const gateway = { world, namespace: 'default', client: undefined, skills } as unknown as Gateway;
    const activations = await Activations.open(gateway, store, outside.runtimesOf(world));
    activations.start();
    outside.connect(activations);
    return activations;
  };
  const first = simulation.process('gateway');
  const died = new Promise<undefined>((resolve) => first.life.onEnd(() => resolve(undefined)));
  const acknowledged = new Set<string>();
  const whole = async () => {
    const activations = await start(first, deathAt);
    for (const [name, plan] of Object.entries(plans)) {
      void activations.begin(newActivation(name, plan)).then(({ activationId }) => acknowledged.add(activationId));
    }
  };
  await simulation.run(Promise.race([whole(), died]));
  await simulation.advance(20_000);
  const wasKilled = first.killed;
  const second = wasKilled ? simulation.process('gateway') : first;
  const left = wasKilled ? await simulation.run(start(second)) : undefined;
  await simulation.advance(60_000);
  const activations = left ?? (await simulation.run(start(simulation.process('reader'))));
  const found = (await activations.find({})).map(({ activationId }) => activationId);
  for (const id of acknowledged) expect(found, `${place}: acknowledged`).toContain(id);
  const ended = await Promise.all(found.map(async (id) => (await activations.get(id)) as Activation));
  for (const activation of ended) check(activation, outside, wasKilled, place);
  const stepIds = ended.flatMap(({ activationId, steps }) => steps.map(({ id }) => `${activationId} ${id}`));
  const called = [...outside.jobs.keys(), ...outside.daemonCalls];
  expect(new Set(called).size, `${place}: asked once`).toBe(called.length);
  expect(stepIds, `${place}: asked for a step`).toEqual(expect.arrayContaining(called));
  return { wasKilled, acknowledged: acknowledged.size };
}

function newActivation(activationId: string, plan: Plan) {
  const ids = { activationId, projectId: 'p', username: 'u', channelId: 'c', sessionId: 's' };
  return { ...ids, sync: false, payload: 'in', properties: {}, headers: {}, plan };
}

function check(activation: Activation, outside: Outside, wasKilled: boolean, place: string): void {
  const { activationId: id, status, response, steps } = activation;
  const where = `${place}: ${id}`;
  expect(isOver(status) && steps.every((step) => isOver(step.status)), `${where} has ended`).toBe(true);
  if (id === 'daemon' && status === 'ERROR') {
    expect([wasKilled, activation.error?.message], where).toEqual([true, daemonLost]);
    return;
  }
  expect(status, where).toBe('COMPLETE');
  if (id === 'chain') expect(response, where).toBe('in>job>fails>job');
  if (id === 'join') expect(response, where).toEqual(['in>job>job', 'in>fails>job']);
  if (id === 'daemon') expect(response, where).toBe('in>daemon>job');
  if (id !== 'sender') return;
  const taken = outside.jobs.get('sender 0')?.taken ?? [];
  const texts = (Array.isArray(response) ? response : [response]).map(String);
  for (const text of taken) expect(texts, `${where}: taken messages have results`).toContain(`${text}>job`);
  const order = texts.map((text) => messages.findIndex((message) => text.startsWith(message)));
  expect(order, `${where}: in their order`).toEqual([...order].sort());
}

describe('a gateway that is killed in the middle of activations', () => {
  test.each<Moment>(['before', 'after'])(
    '%s each call to its store leaves none stuck and repeats none',
    async (moment) => {
      let rounds = 0;
      let acknowledged = 0;
      for (let isKilled = true; isKilled; ) {
        rounds += 1;
        const played = await play(rounds, moment);
        acknowledged += played.acknowledged;
        isKilled = played.wasKilled;
      }
      expect(rounds).toBeGreaterThan(35);
      expect(acknowledged).toBeGreaterThan(3 * rounds);
    },
  );
});
