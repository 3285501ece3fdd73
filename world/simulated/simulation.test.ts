/**
 * What everything else is built on: virtual time waits for all work of an instant, and a seed gives the same run again.
 */
import { spawnSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { CoreV1Api, KubeConfig, Watch } from '@kubernetes/client-node';
import type { RequestContext } from '@kubernetes/client-node/dist/gen/http/http.js';
import { describe, expect, test } from 'vitest';
import type { World } from '../world.ts';
import { runChattySimulation } from './chatty-simulation.fixture.ts';
import { Simulation } from './simulation.ts';

const START = Date.UTC(2026, 0, 1);
const simulate = (seed = 1) => new Simulation({ seed, startAt: START });

describe('a step of the virtual clock', () => {
  test('drains nested promises before the next instant', async () => {
    const simulation = simulate();
    const { clock } = simulation.process('p');
    const seen: string[] = [];
    clock.after(10, async () => {
      for (let depth = 0; depth < 1000; depth++) await Promise.resolve();
      await new Promise<void>((resolve) => process.nextTick(resolve));
      await new Promise<void>((resolve) => setImmediate(resolve));
      seen.push(`deep work at ${clock.now() - START}`);
    });
    clock.after(11, () => seen.push(`next timer at ${clock.now() - START}`));
    await simulation.advance(20);
    expect(seen).toEqual(['deep work at 10', 'next timer at 11']);
    expect(simulation.now()).toBe(START + 20);
  });

  test('fires timers of one instant in the order in which they were set, sleeps included', async () => {
    const simulation = simulate();
    const { clock } = simulation.process('p');
    const seen: number[] = [];
    for (const order of [1, 2, 3]) void clock.sleep(5).then(() => seen.push(order));
    clock.after(5, () => seen.push(4));
    await simulation.advance(5);
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  test('drains streams: a body of many chunks arrives within its instants', async () => {
    const simulation = simulate();
    const server = simulation.process('server');
    const client = simulation.process('client');
    await server.network.listen('server:80', async (_request, response) => {
      response.head(200, {});
      for (let index = 0; index < 2000; index++) {
        if (!response.write('x'.repeat(1000))) await response.drained();
      }
      response.end();
    });
    const read = async () => {
      const response = await client.network.fetch('http://server/');
      let bytes = 0;
      for await (const chunk of Readable.fromWeb(response.body as never)) bytes += (chunk as Buffer).length;
      return bytes;
    };
    expect(await simulation.run(read())).toBe(2_000_000);
    expect(simulation.now() - START).toBeLessThanOrEqual(4);
  });

  test('waits for delays longer than the 24.8 days that a timer of JavaScript takes', async () => {
    const simulation = simulate();
    const { clock } = simulation.process('p');
    const fired: number[] = [];
    const days = 86_400_000;
    clock.after(60 * days, () => fired.push(clock.now() - START));
    clock.after(70 * days, () => fired.push(-1)).cancel();
    await simulation.advance(59 * days);
    expect(fired).toEqual([]);
    await simulation.advance(31 * days);
    expect(fired).toEqual([60 * days]);
    expect(simulation.now()).toBe(START + 90 * days);
  });

  test('throws what a simulated timer threw', async () => {
    const simulation = simulate();
    simulation.process('p').clock.after(1, () => {
      throw new Error('nobody catches this');
    });
    await expect(simulation.advance(5)).rejects.toThrow('nobody catches this');
  });

  test('an advance that is aborted ends between two steps', async () => {
    const simulation = simulate();
    const { clock } = simulation.process('p');
    const controller = new AbortController();
    const tick = () => {
      if (clock.now() === START + 50) controller.abort(new Error('enough'));
      clock.after(10, tick);
    };
    tick();
    await expect(simulation.advance(1000, controller.signal)).rejects.toThrow('enough');
    expect(simulation.now()).toBe(START + 50);
  });
});

describe('@kubernetes/client-node, unmodified', () => {
  function client(world: World): KubeConfig {
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: [{ name: 'c', server: 'http://kubernetes' }],
      users: [{ name: 'u' }],
      contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
      currentContext: 'x',
    });
    config.applySecurityAuthentication = async (context: RequestContext) => {
      context.setDispatcher(world.network.dispatcher());
    };
    return config;
  }

  test('reads through a typed API and watches thousands of events in virtual time', async () => {
    const simulation = simulate();
    const server = simulation.process('server');
    const world = simulation.process('client');
    await server.network.listen('kubernetes:80', async (request, response) => {
      response.head(200, { 'content-type': 'application/json' });
      if (!request.url.includes('watch=true')) {
        return response.end(JSON.stringify({ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'p', namespace: 'n' } }));
      }
      for (let index = 0; index < 5000; index++) {
        if (index % 100 === 0) await server.clock.sleep(1000);
        response.write(`${JSON.stringify({ type: 'ADDED', object: { metadata: { name: `pod-${index}` } } })}\n`);
      }
      response.end();
    });
    const config = client(world);
    const pod = await simulation.run(config.makeApiClient(CoreV1Api).readNamespacedPod({ name: 'p', namespace: 'n' }));
    expect(pod.metadata?.name).toBe('p');

    let events = 0;
    const watched = new Promise<void>((resolve) => {
      void new Watch(config).watch(
        '/api/v1/pods',
        {},
        () => events++,
        () => resolve(),
      );
    });
    await simulation.run(watched);
    expect(events).toBe(5000);
    expect(simulation.now() - START).toBeGreaterThanOrEqual(50_000);
  });
});

describe('the same seed gives the same run', () => {
  test('twice in one process, and again in a second process', async () => {
    const first = await runChattySimulation(7);
    const second = await runChattySimulation(7);
    expect(second).toEqual(first);
    const other = spawnSync(
      process.execPath,
      [new URL('./chatty-simulation.fixture.ts', import.meta.url).pathname, '7'],
      {
        encoding: 'utf8',
      },
    );
    expect(other.stderr).toBe('');
    expect(JSON.parse(other.stdout)).toEqual(first);
  });

  test('another seed gives another order', async () => {
    const seven = await runChattySimulation(7);
    const eight = await runChattySimulation(8);
    expect(eight.hash).not.toBe(seven.hash);
    expect(eight.order).not.toEqual(seven.order);
    expect([...eight.order].sort()).toEqual([...seven.order].sort());
  });

  test('a new consumer of chance shifts nobody else', () => {
    const alone = simulate().process('p').random.stream('a');
    const random = simulate().process('p').random;
    random.stream('new').next();
    const beside = random.stream('a');
    expect([beside.next(), beside.uuid()]).toEqual([alone.next(), alone.uuid()]);
  });
});

describe('a killed process', () => {
  test('never acts again: timers, sleeps, requests, files and finally blocks stay inert', async () => {
    const simulation = simulate();
    const server = simulation.process('server');
    const victim = simulation.process('victim');
    let requests = 0;
    await server.network.listen('server:80', async (_request, response) => {
      requests++;
      await server.clock.sleep(100);
      response.head(200, {});
      response.end('late');
    });
    const acts: string[] = [];
    const live = async () => {
      try {
        await victim.network.fetch('http://server/');
        acts.push('answered');
      } finally {
        acts.push('finally');
      }
    };
    void live();
    victim.clock.after(60, () => acts.push('timer'));
    void victim.clock.sleep(60).then(() => acts.push('slept'));
    await simulation.advance(50);
    expect(requests).toBe(1);
    victim.kill();
    void victim.network.fetch('http://server/').finally(() => acts.push('fetch after death'));
    void victim.files.write('/x', 'y').then(() => acts.push('wrote'));
    victim.clock.after(1, () => acts.push('timer after death'));
    await simulation.advance(10_000);
    expect(acts).toEqual([]);
    expect(requests).toBe(1);
    expect(await simulation.run(server.files.status('/x'))).toBeUndefined();
  });

  test('its peers see the connection break', async () => {
    const simulation = simulate();
    const server = simulation.process('server');
    const client = simulation.process('client');
    let gone = false;
    await server.network.listen('server:80', (request, response) => {
      request.signal.addEventListener('abort', () => {
        gone = true;
      });
      response.head(200, {});
      response.write('first');
    });
    const text = client.network.fetch('http://server/').then((response) => response.text());
    const outcome = text.catch((error: Error) => error);
    await simulation.advance(10);
    server.kill();
    expect(await simulation.run(outcome)).toBeInstanceOf(Error);
    const refused = client.network.fetch('http://server/').catch((error: Error & { cause?: Error }) => error.cause);
    expect(String(await simulation.run(refused))).toContain('ECONNREFUSED');
    expect(gone).toBe(false);
  });

  test('a client that dies is seen by the server', async () => {
    const simulation = simulate();
    const server = simulation.process('server');
    const client = simulation.process('client');
    let gone = false;
    await server.network.listen('server:80', (request, response) => {
      request.signal.addEventListener('abort', () => {
        gone = true;
      });
      response.head(200, {});
    });
    void client.network.fetch('http://server/');
    await simulation.advance(10);
    client.kill();
    await simulation.settle();
    expect(gone).toBe(true);
  });
});

describe('aborting', () => {
  test('ends a request on both sides', async () => {
    const simulation = simulate();
    const server = simulation.process('server');
    const client = simulation.process('client');
    let gone = false;
    await server.network.listen('server:80', (request) => {
      request.signal.addEventListener('abort', () => {
        gone = true;
      });
    });
    const controller = new AbortController();
    const request = client.network.fetch('http://server/', { signal: controller.signal });
    const outcome = request.catch((error: Error) => error.message);
    await simulation.advance(10);
    controller.abort(new Error('changed my mind'));
    expect(await simulation.run(outcome)).toBe('changed my mind');
    expect(gone).toBe(true);
  });

  test('ends a sleep with the reason', async () => {
    const simulation = simulate();
    const { clock } = simulation.process('p');
    const controller = new AbortController();
    const outcome = clock.sleep(1000, controller.signal).catch((error: Error) => error.message);
    clock.after(10, () => controller.abort(new Error('woken')));
    expect(await simulation.run(outcome)).toBe('woken');
    expect(simulation.now()).toBe(START + 10);
  });
});
