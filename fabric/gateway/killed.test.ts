/**
 * A gateway that is killed at every call to the cluster and to its store, and started again: what was acknowledged
 * holds, no record waits for ever, no Task is without its record, and whoever asks again gets what was asked for.
 */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { type SimulatedProcess, Simulation } from '../../world/simulated/simulation.ts';
import { FakeCluster } from '../operator/testing/fake-cluster.ts';
import { type Task, tasks } from '../task/index.ts';
import { report, tasksPath } from './bench.fixture.ts';
import { dyingCalls, type Moment, storeThrough } from './dying.fixture.ts';
import { startGateway } from './server.ts';
import { openEmbeddedStore } from './stores/embedded/store.ts';

const answerDeadlineMs = 5_000;
const minute = 60_000;
const spec = { skillName: 's', actionName: 'a', image: 'actor' };

class Bench {
  readonly simulation: Simulation;
  readonly cluster: FakeCluster;
  readonly #database = new DatabaseSync(':memory:');
  readonly #client: SimulatedProcess;
  gateway: SimulatedProcess;
  wasKilled = false;

  constructor(seed: number) {
    this.simulation = new Simulation({ seed, startAt: Date.UTC(2026, 0, 1) });
    this.cluster = new FakeCluster(() => this.simulation.now());
    this.#client = this.simulation.process('client');
    this.gateway = this.simulation.process('gateway');
  }

  /** `deathAt`: it dies at that call. */
  async start(deathAt?: number, moment: Moment = 'before'): Promise<void> {
    const world = this.gateway;
    const died = new Promise<void>((resolve) => world.life.onEnd(resolve));
    const call = dyingCalls(world, deathAt, moment);
    const hold = () => call(async () => undefined);
    const client = this.cluster.client({ before: hold, after: hold });
    const store = storeThrough(openEmbeddedStore(this.#database), call);
    const starting = startGateway({ world, address: 'gateway:80', store, client, createProjectsOnUse: true });
    await this.simulation.run(Promise.race([starting, died]));
    await this.revive();
  }

  async revive(): Promise<void> {
    if (!this.gateway.killed) return;
    this.wasKilled = true;
    this.gateway = this.simulation.process('gateway');
    await this.start();
  }

  async ask(path: string, method = 'GET', body?: unknown) {
    const ended = new AbortController();
    const timer = this.#client.clock.after(answerDeadlineMs, () => ended.abort(new Error('no answer')));
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const asked = async () => {
      const answer = await this.#client.network.fetch(`http://gateway${path}`, {
        method,
        ...sent,
        signal: ended.signal,
      });
      return { status: answer.status, json: JSON.parse(await answer.text()) };
    };
    const answer = await this.simulation.run(asked()).catch(() => undefined);
    timer.cancel();
    return answer;
  }

  task(name: string): Task | undefined {
    return this.cluster.find<Task>(tasks, `proj1-${name}`);
  }

  async records(name: string): Promise<{ state: string; statusReason?: string }[]> {
    const answer = await this.ask(`${tasksPath}?limit=0`);
    if (!answer) {
      await this.revive();
      return this.records(name);
    }
    return answer.json.tasks.filter((record: { name: string }) => record.name === `proj1-${name}`);
  }
}

interface Step {
  readonly path: string;
  readonly method: string;
  readonly body?: (bench: Bench) => unknown;
  /** Asked again because no answer came, it may also be answered so: it has happened. */
  readonly again?: number;
  readonly holds: (bench: Bench, place: string) => Promise<void> | void;
}

const create = (name: string, more = {}): Step => ({
  path: tasksPath,
  method: 'POST',
  body: () => ({ name, ...spec, ...more }),
  again: 409,
  holds: (bench, place) => expect(bench.task(name)?.metadata?.deletionTimestamp, place).toBeUndefined(),
});
const suspended = (name: string, verb: 'pause' | 'resume'): Step => ({
  path: `${tasksPath}/proj1-${name}/${verb}`,
  method: 'POST',
  body: () => ({}),
  holds: (bench, place) => expect(bench.task(name)?.spec?.suspend, place).toBe(verb === 'pause'),
});
const removed = (name: string): Step => ({
  path: `${tasksPath}/proj1-${name}`,
  method: 'DELETE',
  again: 404,
  holds: (bench, place) => expect(bench.task(name), place).toBeUndefined(),
});
/** The operator tells of the Task's Job. */
function reported(name: string, uid: string, state: string, sequence: number): Step {
  const body = (bench: Bench) => {
    const more = { name: `proj1-${name}`, taskUid: bench.task(name)?.metadata?.uid, state, sequence };
    return report(uid, more)[1].body;
  };
  const holds = async (bench: Bench, place: string) => {
    const told = (await bench.records(name)).filter((record) => !['PENDING', 'FAILED'].includes(record.state));
    expect(told, place).toEqual([expect.objectContaining({ state, uid })]);
  };
  return { path: `/internal/tasks/${uid}`, method: 'POST', body, holds };
}

const steps: readonly Step[] = [
  create('once'),
  create('other'),
  create('schedule', { schedule: '@hourly' }),
  suspended('schedule', 'pause'),
  reported('other', 'job-1', 'ACTIVE', 1),
  suspended('schedule', 'resume'),
  reported('other', 'job-1', 'COMPLETE', 2),
  removed('once'),
  removed('schedule'),
];

/** Plays all steps, each until it is answered; false when the gateway was never killed. */
async function playWithKill(at: number, moment: Moment): Promise<boolean> {
  const bench = new Bench(at);
  const place = `killed ${moment} call ${at}`;
  await bench.start(at, moment);
  for (const step of steps) {
    for (let isFirst = true; ; isFirst = false) {
      const answer = await bench.ask(step.path, step.method, step.body?.(bench));
      const wasKilled = bench.gateway.killed;
      await bench.revive();
      if (answer && (answer.status === 200 || (!isFirst && answer.status === step.again))) break;
      expect(wasKilled, `${place}: ${step.method} ${step.path} ${answer?.status}`).toBe(true);
    }
    await step.holds(bench, place);
  }
  const { wasKilled } = bench;
  await bench.simulation.advance(4 * minute);
  await bench.revive();
  await settled(bench, place);
  return wasKilled;
}

/** One record a run; none that waits; what failed says why, and only what was not acknowledged fails. */
async function settled(bench: Bench, place: string): Promise<void> {
  const once = await bench.records('once');
  const other = await bench.records('other');
  const failed = [...once, ...other].filter(({ state }) => state === 'FAILED');
  expect(
    failed.every(({ statusReason }) => statusReason?.startsWith('NotSubmitted: ')),
    place,
  ).toBe(true);
  expect(failed.length, place).toBeLessThanOrEqual(1);
  const states = (records: { state: string }[]) =>
    records.map(({ state }) => state).filter((state) => state !== 'FAILED');
  expect(states(other), place).toEqual(['COMPLETE']);
  // Deleting what is cancelled already deletes its record: so does a client that has had no answer and asks again.
  expect([[], ['CANCELLED']], place).toContainEqual(states(once));
  expect(await bench.records('schedule'), place).toEqual([]);
}

describe('a gateway that is killed at every call', () => {
  test.each<Moment>(['before', 'after'])('loses nothing and leaves nothing half-done (%s)', async (moment) => {
    let at = 1;
    while (await playWithKill(at, moment)) at += 1;
    expect(at - 1).toBeGreaterThan(40);
  });
});
