/** When an instant is over, and where the clock stops next. */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { request as undiciRequest } from 'undici';
import { describe, expect, test } from 'vitest';
import { Simulation } from './simulation.ts';

const START = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const simulate = () => new Simulation({ seed: 1, startAt: START });

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('an instant is over', () => {
  test('only after work that waits for the next turn of the event loop', async () => {
    const simulation = simulate();
    const { clock } = simulation.process('p');
    const seen: number[] = [];
    clock.after(10, async () => {
      // Behind the kernel's own immediate of this turn.
      for (let depth = 0; depth < 50; depth++) await Promise.resolve();
      await turn();
      seen.push(clock.now() - START);
      await clock.sleep(0);
      await turn();
      seen.push(clock.now() - START);
    });
    clock.after(11, () => undefined);
    await simulation.advance(20);
    // With one turn less, the clock would have gone on to 11.
    expect(seen).toEqual([10, 10]);
  });

  test('only after timers of 0 ms that were set within it, however many in a row', async () => {
    const simulation = simulate();
    const { clock } = simulation.process('p');
    let count = 0;
    const again = () => {
      if (++count < 100) clock.after(0, again);
    };
    clock.after(10, again);
    let countAtNext = 0;
    clock.after(11, () => {
      countAtNext = count;
    });
    await simulation.advance(20);
    expect(countAtNext).toBe(100);
    const zero = clock.sleep(0);
    await simulation.settle();
    await zero;
    expect(simulation.now()).toBe(START + 20);
  });

  test('never, for a program that sets timers of 0 ms for ever: the run says so', async () => {
    const simulation = simulate();
    const { clock } = simulation.process('p');
    const spin = () => void clock.after(0, spin);
    spin();
    await expect(simulation.settle()).rejects.toThrow('virtual time stands still at 2026-01-01T00:00:00.000Z');
  });

  test('after a host operation of the process has ended', async () => {
    let finish: () => void = () => undefined;
    const work = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { realFiles } = await import('../real/files.ts');
    const simulation = new Simulation({ seed: 1, startAt: START, files: { ...realFiles, write: () => work } });
    const world = simulation.process('p');
    let writtenAt = 0;
    void world.files.write('/x', 'y').then(() => {
      writtenAt = world.clock.now();
    });
    world.clock.after(5, () => undefined);
    const advanced = simulation.advance(10);
    for (let count = 0; count < 50; count++) await turn();
    expect(simulation.now()).toBe(START);
    finish();
    await advanced;
    expect(writtenAt).toBe(START);
  });
});

describe('a step drains', () => {
  async function served(): Promise<Simulation> {
    const simulation = simulate();
    const server = simulation.process('server');
    await server.network.listen('server:80', async (_request, response) => {
      for (let line = 0; line < 3000; line++) {
        if (!response.write(`line ${line} ${'x'.repeat(100)}\n`)) await response.drained();
      }
      response.end();
    });
    return simulation;
  }

  /** Reads it all in the instant of the request's arrival: nothing else may let time pass. */
  async function withinOneInstant(read: (simulation: Simulation) => Promise<number>): Promise<void> {
    const simulation = await served();
    expect(await simulation.run(read(simulation))).toBe(3000);
    expect(simulation.now() - START).toBeLessThanOrEqual(4);
  }

  test('Readable.fromWeb with readline', () =>
    withinOneInstant(async (simulation) => {
      const answer = await simulation.process('client').network.fetch('http://server/');
      let lines = 0;
      for await (const line of createInterface({ input: Readable.fromWeb(answer.body as never) })) {
        if (line.startsWith(`line ${lines} `)) lines++;
      }
      return lines;
    }));

  test('the body of undici’s request, as text', () =>
    withinOneInstant(async (simulation) => {
      const dispatcher = simulation.process('client').network.dispatcher();
      const { body } = await undiciRequest('http://server/', { dispatcher });
      return (await body.text()).split('\n').length - 1;
    }));

  test('the body of undici’s request, as a stream piped through others', () =>
    withinOneInstant(async (simulation) => {
      const dispatcher = simulation.process('client').network.dispatcher();
      const { body } = await undiciRequest('http://server/', { dispatcher });
      const shouted = body.compose(async function* (source: AsyncIterable<Buffer>) {
        for await (const chunk of source) yield String(chunk).toUpperCase();
      });
      let text = '';
      for await (const chunk of shouted) text += chunk;
      return text.split('LINE').length - 1;
    }));

  test('a web stream through TransformStream and tee', () =>
    withinOneInstant(async (simulation) => {
      const answer = await simulation.process('client').network.fetch('http://server/');
      const [left, right] = (answer.body as unknown as ReadableStream)
        .pipeThrough(new TextDecoderStream() as never)
        .tee();
      const count = async (stream: ReadableStream<string>) => {
        let text = '';
        for await (const chunk of stream) text += chunk;
        return text.split('\n').length - 1;
      };
      const [a, b] = await Promise.all([count(left as never), count(right as never)]);
      return a === b ? a : -1;
    }));

  test('a body that is left unread: its end is seen at once', async () => {
    const simulation = await served();
    const client = simulation.process('client');
    let closedAt = 0;
    const leave = async () => {
      const { body } = await undiciRequest('http://server/', { dispatcher: client.network.dispatcher() });
      const arrivedAt = client.clock.now();
      body.on('error', () => undefined);
      await new Promise((resolve) => body.once('close', resolve).destroy(new Error('enough')));
      closedAt = client.clock.now();
      return arrivedAt;
    };
    const left = leave();
    client.clock.after(1, () => undefined);
    for (let ms = 2; ms < 10; ms++) client.clock.after(ms, () => undefined);
    expect(await simulation.run(left)).toBe(closedAt);
  });
});

describe('the clock', () => {
  test('keeps delays beyond the 24.8 days of Node.js’s timers', async () => {
    const simulation = simulate();
    const { clock } = simulation.process('p');
    const fired: number[] = [];
    for (const days of [100, 30, 25, 1]) clock.after(days * DAY_MS, () => fired.push((clock.now() - START) / DAY_MS));
    await simulation.advance(40 * DAY_MS);
    expect(simulation.now()).toBe(START + 40 * DAY_MS);
    expect(fired).toEqual([1, 25, 30]);
    await simulation.advance(60 * DAY_MS);
    expect(fired).toEqual([1, 25, 30, 100]);
  });

  test('does not stop at timers that were cancelled', async () => {
    const steps: number[] = [];
    const simulation = new Simulation({
      seed: 1,
      startAt: START,
      sink: (event) => event.type === 'step' && steps.push(event.at - START),
    });
    const { clock } = simulation.process('p');
    const timers = [10, 10, 20, 40 * DAY_MS].map((delayMs) => clock.after(delayMs, () => undefined));
    clock.after(30, () => undefined);
    for (const timer of timers) timer.cancel();
    for (const timer of timers) timer.cancel();
    await simulation.advance(50);
    expect(steps).toEqual([30, 50]);
  });

  test('lets a timer cancel another of the same instant', async () => {
    const simulation = simulate();
    const { clock } = simulation.process('p');
    const seen: string[] = [];
    clock.after(5, () => {
      seen.push('first');
      second.cancel();
    });
    const second = clock.after(5, () => seen.push('second'));
    const third = clock.after(5, () => {
      seen.push('third');
      third.cancel();
    });
    await simulation.advance(10);
    expect(seen).toEqual(['first', 'third']);
  });

  test('drains promises between two timers of one instant', async () => {
    const simulation = simulate();
    const { clock } = simulation.process('p');
    const seen: string[] = [];
    clock.after(5, () => {
      seen.push('a');
      void Promise.resolve().then(() => seen.push('after a'));
    });
    clock.after(5, () => seen.push('b'));
    await simulation.advance(10);
    expect(seen).toEqual(['a', 'after a', 'b']);
  });

  test('rounds fractions and takes negative delays as 0', async () => {
    const simulation = simulate();
    const { clock } = simulation.process('p');
    const at: number[] = [];
    for (const delayMs of [-5, 0.4, 1.6]) clock.after(delayMs, () => at.push(clock.now() - START));
    await simulation.advance(10);
    expect(at).toEqual([0, 0, 2]);
  });
});

test('a run gives up at its deadline of virtual time, and says so', async () => {
  const simulation = simulate();
  await expect(simulation.run(new Promise(() => undefined), 5000)).rejects.toThrow('longer than 5000 ms');
  expect(simulation.now()).toBe(START + 5000);
});
