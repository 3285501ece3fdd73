import { describe, expect, test } from 'vitest';
import type { Clock } from '../clock.ts';
import { Pacing } from './pacing.ts';
import { Simulation } from './simulation.ts';

const START = Date.UTC(2026, 0, 1);

/** A wall clock that moves when the test says so; sleepers wake in order. */
class FakeWall implements Clock {
  #now = 1_000_000;
  #sleepers: { dueAt: number; resolve: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(): never {
    throw new Error('pacing only sleeps');
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
      if (signal?.aborted) reject(signal.reason);
      this.#sleepers.push({ dueAt: this.#now + delayMs, resolve });
    });
  }

  setBack(ms: number): void {
    this.#now -= ms;
    this.#sleepers = this.#sleepers.map((each) => ({ ...each, dueAt: each.dueAt - ms }));
  }

  /** Lets wall time pass ms by ms, and what wakes run. */
  async pass(ms: number): Promise<void> {
    await drained();
    for (let passed = 0; passed < ms; passed++) {
      this.#now++;
      const due = this.#sleepers.filter(({ dueAt }) => dueAt <= this.#now);
      this.#sleepers = this.#sleepers.filter(({ dueAt }) => dueAt > this.#now);
      for (const { resolve } of due) resolve();
      if (due.length > 0) await drained();
    }
  }
}

async function drained(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A day of it is 86,400 steps: what a test cannot wait for. */
function busyEachSecond(simulation: Simulation): void {
  const { clock } = simulation.process('busy');
  const tick = () => void clock.after(1000, tick);
  tick();
}

function paced(speed: number, onError?: (error: unknown) => void) {
  const simulation = new Simulation({ seed: 1, startAt: START });
  const wall = new FakeWall();
  const pacing = new Pacing(simulation, wall, speed, onError);
  return { simulation, wall, pacing, elapsed: () => simulation.now() - START };
}

describe('pacing', () => {
  test.each([1, 10, 0.5])('lets virtual time pass %d times as fast as the wall’s', async (speed) => {
    const { simulation, wall, pacing, elapsed } = paced(speed);
    const ticks: number[] = [];
    const { clock } = simulation.process('p');
    const tick = () => {
      ticks.push(elapsed());
      clock.after(100, tick);
    };
    clock.after(100, tick);
    pacing.start();
    await wall.pass(1000);
    expect(elapsed()).toBe(1000 * speed);
    expect(ticks).toEqual(Array.from({ length: (1000 * speed) / 100 }, (_, index) => (index + 1) * 100));
    await pacing.stop();
  });

  test('goes on from where it is when the speed changes, 0 stands still', async () => {
    const { wall, pacing, elapsed } = paced(1);
    pacing.start();
    await wall.pass(100);
    pacing.setSpeed(0);
    await wall.pass(1000);
    expect(elapsed()).toBe(100);
    pacing.setSpeed(20);
    await wall.pass(100);
    expect(elapsed()).toBe(2100);
    expect(pacing.speed).toBe(20);
    await pacing.stop();
  });

  test('an advance goes at once, and pacing continues behind it', async () => {
    const { wall, pacing, elapsed } = paced(1);
    pacing.start();
    await wall.pass(50);
    await pacing.advance(3_600_000);
    expect(elapsed()).toBe(3_600_050);
    await wall.pass(50);
    expect(elapsed()).toBe(3_600_100);
    await pacing.stop();
  });

  test('an advance that is aborted leaves pacing where it got to', async () => {
    const { simulation, wall, pacing, elapsed } = paced(1);
    const { clock } = simulation.process('p');
    const controller = new AbortController();
    clock.after(10_000, () => controller.abort(new Error('enough')));
    clock.after(20_000, () => undefined);
    pacing.start();
    await expect(pacing.advance(60_000, controller.signal)).rejects.toThrow('enough');
    expect(elapsed()).toBe(10_000);
    await wall.pass(100);
    expect(elapsed()).toBe(10_100);
    await pacing.stop();
  });

  test('reports what no simulated program caught, and goes on', async () => {
    const errors: unknown[] = [];
    const { simulation, wall, pacing, elapsed } = paced(1, (error) => errors.push(error));
    simulation.process('p').clock.after(50, () => {
      throw new Error('broken program');
    });
    pacing.start();
    await wall.pass(200);
    expect(errors).toMatchObject([{ message: 'broken program' }]);
    expect(elapsed()).toBe(200);
    await pacing.stop();
  });

  test('a slower speed holds at once, whatever the faster one still asked for', async () => {
    const { simulation, wall, pacing, elapsed } = paced(1);
    busyEachSecond(simulation);
    pacing.start();
    for (const speed of [1e6, 3600, 1e6, 7]) {
      pacing.setSpeed(speed);
      // Far more than can be played in so few turns.
      await wall.pass(20);
    }
    pacing.setSpeed(1);
    const before = elapsed();
    await wall.pass(1000);
    expect(elapsed() - before).toBeLessThanOrEqual(1000);
    expect(elapsed() - before).toBeGreaterThan(980);
    await pacing.stop();
  });

  test('what it owes is bounded, and told', async () => {
    const { simulation, wall, pacing, elapsed } = paced(1);
    busyEachSecond(simulation);
    pacing.start();
    expect(pacing.behind).toBe(0);
    pacing.setSpeed(1e6);
    await wall.pass(60_000);
    expect(pacing.behind).toBeGreaterThan(1e9);
    expect(pacing.behind).toBeLessThanOrEqual(10_000 * 1e6 + 60_000 * 1e6);
    expect(elapsed()).toBeGreaterThan(0);
    pacing.setSpeed(1);
    expect(pacing.behind).toBe(0);
    await pacing.stop();
  });

  test('an advance does not wait for what a high speed asks for', async () => {
    const { simulation, wall, pacing, elapsed } = paced(1e6);
    busyEachSecond(simulation);
    pacing.start();
    await wall.pass(1000);
    const before = elapsed();
    await Promise.all([pacing.advance(60_000), pacing.advance(30_000)]);
    expect(elapsed() - before).toBeGreaterThanOrEqual(90_000);
    expect(elapsed() - before).toBeLessThan(24 * 3_600_000);
    await pacing.stop();
  });

  test('a speed that is set during an advance holds after it', async () => {
    const { wall, pacing, elapsed } = paced(1);
    pacing.start();
    const advancing = pacing.advance(3_600_000);
    pacing.setSpeed(50);
    await advancing;
    expect(elapsed()).toBe(3_600_000);
    await wall.pass(100);
    expect(elapsed()).toBe(3_605_000);
    await pacing.stop();
  });

  test('an end during an advance is an end: the advance rejects', async () => {
    const { simulation, wall, pacing } = paced(1);
    busyEachSecond(simulation);
    pacing.start();
    await wall.pass(10);
    const advancing = expect(pacing.advance(10 ** 12)).rejects.toThrow('pacing stopped');
    await drained();
    await pacing.stop();
    await advancing;
  });

  test('a wall clock that is set back does not stop virtual time until it is where it was', async () => {
    const { wall, pacing, elapsed } = paced(1);
    pacing.start();
    await wall.pass(1000);
    wall.setBack(500);
    await wall.pass(100);
    expect(elapsed()).toBeGreaterThanOrEqual(1095);
    expect(elapsed()).toBeLessThanOrEqual(1100);
    await pacing.stop();
  });

  test('stops for good', async () => {
    const { wall, pacing, elapsed } = paced(1);
    pacing.start();
    await wall.pass(100);
    await pacing.stop();
    await wall.pass(100);
    expect(elapsed()).toBe(100);
  });
});
