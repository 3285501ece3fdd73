import { describe, expect, test } from 'vitest';
import { Simulation } from '../world/simulated/simulation.ts';
import { ApiStatusError, type KubernetesClient, type WatchHandle } from './client.ts';
import { Informer } from './informer.ts';
import type { ConfigMap, WatchEvent } from './objects.ts';
import { configMaps } from './resources.ts';

const gone = new ApiStatusError(410, { code: 410, reason: 'Expired', message: 'too old' });

function map(name: string, version: number, uid = `uid-${name}`): ConfigMap {
  return { metadata: { namespace: 'n', name, uid, resourceVersion: String(version) } };
}

/** An API server of one kind, driven by the test. */
class FakeServer {
  objects: ConfigMap[] = [];
  version = 10;
  listError: Error | undefined;
  watchError: Error | undefined;
  readonly calls: string[] = [];
  readonly watchedAt: number[] = [];
  readonly #now: () => number;
  readonly #open = new Map<number, { send(event: WatchEvent<ConfigMap>): void; end(error?: Error): void }>();
  #watches = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly client = {
    list: async () => {
      this.calls.push('list');
      if (this.listError) throw this.listError;
      return { metadata: { resourceVersion: String(this.version) }, items: structuredClone(this.objects) };
    },
    watch: async (
      _: unknown,
      options: { resourceVersion?: string },
      onEvent: (event: WatchEvent<ConfigMap>) => void,
    ): Promise<WatchHandle> => {
      this.calls.push(`watch ${options.resourceVersion}`);
      this.watchedAt.push(this.#now());
      if (this.watchError) throw this.watchError;
      const id = ++this.#watches;
      const ended = new Promise<Error | undefined>((resolve) => {
        this.#open.set(id, {
          send: onEvent,
          end: (error) => {
            this.#open.delete(id);
            resolve(error);
          },
        });
      });
      return { ended, stop: () => this.#open.get(id)?.end() };
    },
  } as unknown as KubernetesClient;

  get openWatches(): number {
    return this.#open.size;
  }

  send(type: WatchEvent<ConfigMap>['type'], object: object): void {
    for (const watch of this.#open.values()) watch.send({ type, object: object as ConfigMap });
  }

  end(error?: Error): void {
    for (const watch of [...this.#open.values()]) watch.end(error);
  }
}

function setUp(options: { readonly relistEveryMs?: number } = {}) {
  const simulation = new Simulation({ seed: 3, startAt: 0 });
  const server = new FakeServer(() => simulation.now());
  const world = simulation.process('operator');
  const informer = new Informer<ConfigMap>({ world, client: server.client, type: configMaps, ...options });
  const told: string[] = [];
  informer.on({
    added: (object) => told.push(`added ${object.metadata?.name}`),
    updated: (before, after) =>
      told.push(
        `updated ${after.metadata?.name} ${before.metadata?.resourceVersion}>${after.metadata?.resourceVersion}`,
      ),
    deleted: (last) => told.push(`deleted ${last.metadata?.name}`),
  });
  return { simulation, server, world, informer, told };
}

async function started(options: { readonly relistEveryMs?: number } = {}) {
  const scene = setUp(options);
  scene.server.objects = [map('a', 1), map('b', 2)];
  await scene.simulation.run(scene.informer.start());
  await scene.simulation.settle();
  scene.told.length = 0;
  return scene;
}

describe('a started informer', () => {
  test('has the first list in its cache, each object with its kind', async () => {
    const { informer } = await started();
    expect(informer.get('n', 'a')).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
    expect(informer.list('n').map((object) => object.metadata?.name)).toEqual(['a', 'b']);
    expect(informer.list()).toHaveLength(2);
    expect(informer.get('m', 'a')).toBeUndefined();
  });

  test('follows the watch from where the list was, and tells before and after', async () => {
    const { simulation, server, informer, told } = await started();
    expect(server.calls).toEqual(['list', 'watch 10']);
    server.send('MODIFIED', map('a', 11));
    server.send('ADDED', map('c', 12));
    server.send('DELETED', map('b', 13));
    await simulation.settle();
    expect(told).toEqual(['updated a 1>11', 'added c', 'deleted b']);
    expect(informer.get('n', 'a')?.metadata?.resourceVersion).toBe('11');
    expect(informer.get('n', 'b')).toBeUndefined();
  });

  test('tells an object that was replaced by one of the same name as deleted and added', async () => {
    const { simulation, server, told } = await started();
    server.objects = [map('a', 30, 'another'), map('b', 2)];
    server.send('ERROR', gone.status);
    server.end();
    await simulation.advance(5_000);
    expect(told).toEqual(['deleted a', 'added a']);
  });

  test('that is stopped tells nothing and leaves no watch', async () => {
    const { simulation, server, informer, told } = await started();
    informer.stop();
    server.send('ADDED', map('c', 12));
    await simulation.advance(3_600_000);
    expect(told).toEqual([]);
    expect(server.openWatches).toBe(0);
    expect(server.calls).toEqual(['list', 'watch 10']);
  });

  test('survives a handler that throws', async () => {
    const { simulation, server, informer, told } = await started();
    informer.on({
      added: () => {
        throw new Error('handler');
      },
    });
    server.send('ADDED', map('c', 12));
    server.send('ADDED', map('d', 13));
    await simulation.settle();
    expect(told).toEqual(['added c', 'added d']);
  });
});

describe('when the watch ends', () => {
  test('cleanly, it goes on from the last version seen, a bookmark’s too', async () => {
    const { simulation, server, told } = await started();
    server.send('BOOKMARK', { metadata: { resourceVersion: '40' } });
    server.end();
    await simulation.advance(3_600_000);
    expect(server.calls.slice(2)).toEqual(['watch 40']);
    server.send('ADDED', map('c', 41));
    expect(told).toEqual(['added c']);
  });

  test('by an error, it goes on from there after a back-off that doubles up to 30 s and one spread', async () => {
    const { simulation, server } = await started();
    server.watchError = new Error('ECONNREFUSED');
    const begun = simulation.now();
    server.end(new Error('ECONNRESET'));
    await simulation.advance(400_000);
    const at = server.watchedAt.slice(1, 10).map((instant) => instant - begun);
    const delays = at.map((instant, index) => instant - (at[index - 1] ?? 0));
    const bases = [800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000, 30_000];
    for (const [index, base] of bases.entries()) {
      expect(delays[index]).toBeGreaterThanOrEqual(base);
      expect(delays[index]).toBeLessThanOrEqual(2 * base + 1);
    }
    expect(server.calls.slice(2).every((call) => call === 'watch 10')).toBe(true);
    server.watchError = undefined;
    await simulation.advance(60_000);
    expect(server.openWatches).toBe(1);
  });

  test('after virtual hours, it reconnects on the World’s clock', async () => {
    const { simulation, server } = await started();
    await simulation.advance(48 * 3_600_000);
    server.end(new Error('ECONNRESET'));
    await simulation.advance(2_000);
    expect(server.openWatches).toBe(1);
  });

  test.each([
    [
      'an ERROR event with 410',
      (server: FakeServer) => {
        server.send('ERROR', gone.status);
        server.end();
      },
    ],
    ['the error 410', (server: FakeServer) => server.end(gone)],
  ])('by %s, it lists again and tells what happened meanwhile', async (_, expire) => {
    const { simulation, server, told } = await started();
    server.objects = [map('b', 50), map('c', 51)];
    server.version = 60;
    expire(server);
    await simulation.advance(2_000);
    expect(server.calls.slice(2)).toEqual(['list', 'watch 60']);
    expect(told).toEqual(['deleted a', 'updated b 2>50', 'added c']);
  });

  test('and the list after 410 is lost, it tries again until it has it', async () => {
    const { simulation, server, told } = await started();
    server.listError = new Error('ECONNRESET');
    server.objects = [map('a', 1)];
    server.end(gone);
    await simulation.advance(120_000);
    expect(server.calls.filter((call) => call === 'list').length).toBeGreaterThan(4);
    server.listError = undefined;
    await simulation.advance(60_000);
    expect(told).toEqual(['deleted b']);
    expect(server.openWatches).toBe(1);
  });
});

describe('a starting informer', () => {
  test('waits for the first list, however often it fails', async () => {
    const { simulation, server, informer } = setUp();
    server.listError = new Error('ECONNREFUSED');
    let ready = false;
    void informer.start().then(() => {
      ready = true;
    });
    await simulation.advance(600_000);
    expect(ready).toBe(false);
    server.listError = undefined;
    await simulation.advance(60_000);
    expect(ready).toBe(true);
  });
});

describe('an informer that lists again now and then', () => {
  const relistEveryMs = 600_000;

  test('finds out what no watch has told it, once in that time, and a fifth later at most', async () => {
    const { simulation, server, told } = await started({ relistEveryMs });
    server.objects = [map('a', 11), map('c', 12)];
    await simulation.advance(relistEveryMs - 1000);
    expect(told).toEqual([]);
    await simulation.advance(relistEveryMs / 5 + 2000);
    expect(told).toEqual(['deleted b', 'updated a 1>11', 'added c']);
    await simulation.advance(10 * relistEveryMs);
    expect(server.calls.filter((call) => call === 'list').length).toBeGreaterThanOrEqual(10);
    expect(server.openWatches).toBe(1);
  });

  test('does so too when its time comes while no watch is open', async () => {
    const { simulation, server, told } = await started({ relistEveryMs });
    await simulation.advance(relistEveryMs - 5000);
    server.watchError = new Error('ECONNREFUSED');
    server.end(new Error('ECONNRESET'));
    await simulation.advance(relistEveryMs / 2);
    server.watchError = undefined;
    server.objects = [map('a', 1)];
    await simulation.advance(3 * relistEveryMs);
    expect(told).toEqual(['deleted b']);
  });

  test('lists nothing more when it is stopped', async () => {
    const { simulation, server, informer } = await started({ relistEveryMs });
    informer.stop();
    await simulation.advance(5 * relistEveryMs);
    expect(server.calls).toEqual(['list', 'watch 10']);
  });
});
