import { describe, expect, test } from 'vitest';
import { Simulation } from '../world/simulated/simulation.ts';
import { WorkQueue, type WorkQueueOptions } from './work-queue.ts';

function setUp(handle: WorkQueueOptions['handle'], options: Partial<WorkQueueOptions> = {}) {
  const simulation = new Simulation({ seed: 1, startAt: 0 });
  const { clock } = simulation.process('controller');
  const queue = new WorkQueue({ clock, workers: 2, handle, ...options });
  return { simulation, clock, queue };
}

describe('a key', () => {
  test('added often while it waits is handled once', async () => {
    const handled: string[] = [];
    const { simulation, queue } = setUp(async (key) => void handled.push(key));
    queue.add('a');
    queue.add('b');
    queue.add('a');
    expect(handled).toEqual([]);
    queue.start();
    queue.add('a');
    await simulation.settle();
    expect(handled).toEqual(['a', 'b', 'a']);
  });

  test('added while it is handled is handled again, and never by two workers at once', async () => {
    let atOnce = 0;
    let most = 0;
    let count = 0;
    const { simulation, clock, queue } = setUp(async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      count += 1;
      await clock.sleep(100);
      atOnce -= 1;
    });
    queue.start();
    queue.add('a');
    await simulation.advance(50);
    queue.add('a');
    queue.add('a');
    await simulation.advance(500);
    expect({ most, count }).toEqual({ most: 1, count: 2 });
  });

  test('that fails comes again after 5, 10, 20 ms ... up to the limit', async () => {
    const at: number[] = [];
    const errors: string[] = [];
    const { simulation, clock, queue } = setUp(
      async () => {
        at.push(clock.now());
        throw new Error('no');
      },
      { maximumDelayMs: 40, onError: (key, error) => errors.push(`${key} ${error}`) },
    );
    queue.start();
    queue.add('a');
    await simulation.advance(160);
    expect(at).toEqual([0, 5, 15, 35, 75, 115, 155]);
    expect(errors[0]).toBe('a Error: no');
  });

  test('that succeeds starts its back-off anew', async () => {
    const at: number[] = [];
    let failing = true;
    const { simulation, clock, queue } = setUp(async () => {
      at.push(clock.now());
      if (failing) throw new Error('no');
    });
    queue.start();
    queue.add('a');
    await simulation.advance(20);
    failing = false;
    await simulation.advance(100);
    failing = true;
    queue.add('a');
    await simulation.advance(5);
    expect(at).toEqual([0, 5, 15, 35, 120, 125]);
  });
});

describe('delays', () => {
  test('of one key: the earliest counts', async () => {
    const at: number[] = [];
    const { simulation, clock, queue } = setUp(async () => void at.push(clock.now()));
    queue.start();
    queue.addAfter('a', 100);
    queue.addAfter('a', 30);
    queue.addAfter('a', 60);
    await simulation.advance(1000);
    expect(at).toEqual([30]);
  });
});

describe('workers', () => {
  test('are never more than asked for', async () => {
    let atOnce = 0;
    let most = 0;
    const { simulation, clock, queue } = setUp(async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await clock.sleep(10);
      atOnce -= 1;
    });
    queue.start();
    for (const key of 'abcdefgh') queue.add(key);
    await simulation.advance(1000);
    expect(most).toBe(2);
  });

  test('stop waits for what is being handled and starts nothing more', async () => {
    const done: string[] = [];
    const { simulation, clock, queue } = setUp(
      async (key) => {
        await clock.sleep(100);
        done.push(key);
      },
      { workers: 1 },
    );
    queue.start();
    queue.add('a');
    queue.add('b');
    queue.addAfter('c', 10);
    await simulation.advance(5);
    await simulation.run(queue.stop());
    queue.add('d');
    await simulation.advance(1000);
    expect(done).toEqual(['a']);
  });
});
