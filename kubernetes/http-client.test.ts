import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DeadlineExceededError } from '../world/clock.ts';
import type { HttpHandler, HttpRequest } from '../world/network.ts';
import { Simulation } from '../world/simulated/simulation.ts';
import { ApiStatusError, type KubernetesClient } from './client.ts';
import { createHttpClient, kubeConfigFor } from './http-client.ts';
import type { ConfigMap, Event, Pod, WatchEvent } from './objects.ts';
import { configMaps, events, jobs, pods } from './resources.ts';

/** A client and a server that answers as `handler` says, in one simulation. */
async function setUp(handler: HttpHandler, server = 'http://kubernetes') {
  const simulation = new Simulation({ seed: 1, startAt: Date.UTC(2026, 0, 1) });
  const listener = await simulation.process('server').network.listen('kubernetes:80', handler);
  const config = kubeConfigFor({ server, token: 'secret' });
  const client = createHttpClient({ world: simulation.process('client'), config });
  return { simulation, client, listener };
}

/** Answers each request with `{}` and keeps what was asked. */
function recorder() {
  const seen: { method: string; url: string; headers: HttpRequest['headers']; body: string }[] = [];
  const handler: HttpHandler = async (request, response) => {
    const body = (await request.bytes(1e6)).toString();
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    response.head(200, { 'content-type': 'application/json' });
    response.end('{}');
  };
  return { seen, handler };
}

async function requestOf(call: (client: KubernetesClient) => Promise<unknown>, server?: string) {
  const { seen, handler } = recorder();
  const { simulation, client } = await setUp(handler, server);
  await simulation.run(call(client));
  const [request] = seen;
  if (!request) throw new Error('no request arrived');
  return request;
}

describe('requests', () => {
  test('carry the token, the selectors and the page', async () => {
    const request = await requestOf((client) =>
      client.list(pods, { namespace: 'n', labelSelector: 'a=b,c in (d)', limit: 5 }),
    );
    expect(request).toMatchObject({
      method: 'GET',
      url: '/api/v1/namespaces/n/pods?labelSelector=a%3Db%2Cc%20in%20(d)&limit=5',
    });
    expect(request.headers).toMatchObject({ authorization: 'Bearer secret', accept: 'application/json' });
  });

  test('keep the path of a server behind a prefix', async () => {
    const request = await requestOf((client) => client.get(pods, 'n', 'p'), 'http://kubernetes/clusters/one/');
    expect(request.url).toBe('/clusters/one/api/v1/namespaces/n/pods/p');
  });

  test('name the kind that a list item lacks when it is written', async () => {
    const request = await requestOf((client) => client.replace<Pod>(pods, { metadata: { namespace: 'n', name: 'p' } }));
    expect(request).toMatchObject({ method: 'PUT', url: '/api/v1/namespaces/n/pods/p' });
    expect(JSON.parse(request.body)).toMatchObject({ apiVersion: 'v1', kind: 'Pod' });
  });

  test('write status through its subresource', async () => {
    const object = { metadata: { namespace: 'n', name: 'p' } };
    const request = await requestOf((client) => client.replace<Pod>(pods, object, { subresource: 'status' }));
    expect(request.url).toBe('/api/v1/namespaces/n/pods/p/status');
  });

  test.each([
    ['json', 'application/json-patch+json'],
    ['merge', 'application/merge-patch+json'],
    ['strategic-merge', 'application/strategic-merge-patch+json'],
    ['apply', 'application/apply-patch+yaml'],
  ] as const)('a %s patch is sent as %s', async (kind, contentType) => {
    const request = await requestOf((client) =>
      client.patch(jobs, 'n', 'j', kind, { spec: {} }, { fieldManager: 'me', force: true }),
    );
    expect(request).toMatchObject({
      method: 'PATCH',
      url: '/apis/batch/v1/namespaces/n/jobs/j?fieldManager=me&force=true',
      body: '{"spec":{}}',
    });
    expect(request.headers['content-type']).toBe(contentType);
  });

  test('delete with policy and preconditions in the body', async () => {
    const request = await requestOf((client) =>
      client.delete(jobs, 'n', 'j', { propagationPolicy: 'Background', preconditions: { uid: 'u' } }),
    );
    expect(request.method).toBe('DELETE');
    expect(JSON.parse(request.body)).toEqual({
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy: 'Background',
      preconditions: { uid: 'u' },
    });
  });
});

describe('refusals', () => {
  function answering(code: number, body: string, headers: Record<string, string> = {}) {
    return setUp((_, response) => {
      response.head(code, headers);
      response.end(body);
    });
  }

  test('carry the Status of the server', async () => {
    const status = { kind: 'Status', code: 409, reason: 'Conflict', message: 'stale', status: 'Failure' };
    const { simulation, client } = await answering(409, JSON.stringify(status));
    const error = await simulation.run(client.get(pods, 'n', 'p').catch((refused: unknown) => refused));
    expect(error).toBeInstanceOf(ApiStatusError);
    expect(error).toMatchObject({ code: 409, reason: 'Conflict', message: 'stale', status });
  });

  test('of a text body are wrapped, with the reason that the code stands for', async () => {
    const { simulation, client } = await answering(404, '404 page not found\n');
    const error = await simulation.run(client.get(pods, 'n', 'p').catch((refused: unknown) => refused));
    expect(error).toMatchObject({ code: 404, reason: 'NotFound', message: '404 page not found' });
  });

  test('of a proxy keep Retry-After', async () => {
    const { simulation, client } = await answering(503, '<html>', { 'retry-after': '7' });
    const error = await simulation.run(client.list(pods).catch((refused: unknown) => refused));
    expect(error).toMatchObject({ code: 503, status: { details: { retryAfterSeconds: 7 } } });
  });

  test('that ask to wait are heeded: the request is sent again then and not sooner, until patience ends', async () => {
    const heads = [429, 503, 200];
    const times: number[] = [];
    const { simulation, client } = await setUp((_, response) => {
      times.push(simulation.now());
      const status = heads[times.length - 1] ?? 429;
      response.head(status, status === 200 ? {} : { 'retry-after': '3' });
      response.end('{}');
    });
    const begun = simulation.now();
    await simulation.run(client.create(pods, 'n', { metadata: { name: 'p' } }));
    expect(times.map((time) => Math.floor((time - begun) / 1000))).toEqual([0, 3, 6]);
    await expect(simulation.run(client.get(pods, 'n', 'p'))).rejects.toMatchObject({ code: 429 });
    expect(times.length).toBe(3 + 11);
  });

  test('without a wish to wait, or of the request itself, are not sent again', async () => {
    for (const [code, headers] of [
      [429, {}],
      [500, {}],
      [409, { 'retry-after': '1' }],
    ] as const) {
      const seen: number[] = [];
      const { simulation, client } = await setUp((_, response) => {
        seen.push(code);
        response.head(code, headers);
        response.end('{}');
      });
      await expect(simulation.run(client.get(pods, 'n', 'p'))).rejects.toMatchObject({ code });
      expect(seen).toEqual([code]);
    }
  });

  test('of a watch and of a log reject the opening', async () => {
    const { simulation, client } = await answering(403, '{"kind":"Status","reason":"Forbidden","message":"no"}');
    await expect(simulation.run(client.watch(pods, {}, () => {}))).rejects.toMatchObject({ reason: 'Forbidden' });
    await expect(simulation.run(client.log('n', 'p', {}))).rejects.toMatchObject({ reason: 'Forbidden' });
  });

  test('an answer that is no JSON is an error that shows its start', async () => {
    const { simulation, client } = await answering(200, '<html>hello');
    await expect(simulation.run(client.get(pods, 'n', 'p'))).rejects.toThrow('answered no JSON but: <html>hello');
  });

  test('a server that cannot be reached is the network’s error', async () => {
    const { simulation, client, listener } = await answering(200, '{}');
    await listener.close();
    await expect(simulation.run(client.get(pods, 'n', 'p'))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('deadlines', () => {
  test('a plain call that is not answered ends after 30 s of virtual time', async () => {
    const { simulation, client } = await setUp(() => new Promise(() => {}));
    const begun = simulation.now();
    await expect(simulation.run(client.get(pods, 'n', 'p'))).rejects.toBeInstanceOf(DeadlineExceededError);
    expect(simulation.now() - begun).toBe(30_000);
  });

  test('a watch may stay silent for hours', async () => {
    const { simulation, client } = await setUp((_, response) => response.head(200, {}));
    const handle = await simulation.run(client.watch(pods, {}, () => {}));
    let over = false;
    void handle.ended.then(() => {
      over = true;
    });
    await simulation.advance(5 * 3_600_000);
    expect(over).toBe(false);
    handle.stop();
    expect(await simulation.run(handle.ended)).toBeUndefined();
  });

  test('a followed log may wait for its first byte, another log not', async () => {
    const { simulation, client } = await setUp(() => new Promise(() => {}));
    const followed = client.log('n', 'p', { follow: true });
    let settled = false;
    void followed.then(
      () => {
        settled = true;
      },
      () => {
        settled = true;
      },
    );
    await expect(simulation.run(client.log('n', 'p', {}))).rejects.toBeInstanceOf(DeadlineExceededError);
    await simulation.advance(3_600_000);
    expect(settled).toBe(false);
  });
});

describe('watches', () => {
  const one: WatchEvent<ConfigMap> = {
    type: 'ADDED',
    object: { metadata: { name: 'a' }, data: { k: 'grün – 緑 🟢' } },
  };
  const two: WatchEvent<ConfigMap> = { type: 'ERROR', object: { kind: 'Status', metadata: {} } };

  async function watchOver(chunks: Buffer[], end: 'end' | 'reset') {
    const { simulation, client } = await setUp((_, response) => {
      response.head(200, {});
      for (const chunk of chunks) response.write(chunk);
      if (end === 'end') response.end();
      else response.reset();
    });
    const seen: WatchEvent<ConfigMap>[] = [];
    const handle = await simulation.run(client.watch<ConfigMap>(configMaps, {}, (event) => void seen.push(event)));
    return { seen, error: await simulation.run(handle.ended) };
  }

  test('give the same events wherever the chunks are cut, also inside a character', async () => {
    const bytes = Buffer.from(`${JSON.stringify(one)}\n${JSON.stringify(two)}\n`);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 })), async (cuts) => {
        const sorted = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
        expect(await watchOver(chunks, 'end')).toEqual({ seen: [one, two], error: undefined });
      }),
      { numRuns: 30 },
    );
  });

  test('that end inside an event are broken', async () => {
    const { seen, error } = await watchOver([Buffer.from(`${JSON.stringify(one)}\n{"type":`)], 'end');
    expect(seen).toEqual([one]);
    expect(error?.name).toBe('StreamBrokenError');
  });

  test('that are reset say so', async () => {
    expect((await watchOver([Buffer.from(`${JSON.stringify(one)}\n`)], 'reset')).error).toMatchObject({
      code: 'ECONNRESET',
    });
  });

  test('ask for what they are to follow', async () => {
    const urls: string[] = [];
    const { simulation, client } = await setUp((request, response) => {
      urls.push(request.url);
      response.head(200, {});
    });
    const options = { namespace: 'n', fieldSelector: 'a=b', resourceVersion: '5', allowWatchBookmarks: true };
    await simulation.run(client.watch<Event>(events, options, () => {}));
    expect(urls).toEqual([
      '/api/v1/namespaces/n/events?fieldSelector=a%3Db&resourceVersion=5&allowWatchBookmarks=true&watch=true',
    ]);
  });

  test('hear nothing after stop, and the server sees the client go', async () => {
    let gone = false;
    let send: (event: object) => void = () => {};
    const { simulation, client } = await setUp((request, response) => {
      response.head(200, {});
      send = (event) => void response.write(`${JSON.stringify(event)}\n`);
      request.signal.addEventListener('abort', () => {
        gone = true;
      });
    });
    const seen: string[] = [];
    const handle = await simulation.run(
      client.watch<ConfigMap>(configMaps, {}, (event) => {
        seen.push(event.type);
        handle.stop();
      }),
    );
    send(one);
    send(one);
    await simulation.advance(100);
    expect(seen).toEqual(['ADDED']);
    expect(gone).toBe(true);
  });
});

describe('logs', () => {
  const block = Buffer.alloc(64 * 1024, 'x');

  test('come whole, and a slow reader holds the writer back', async () => {
    let written = 0;
    const { simulation, client } = await setUp(async (_, response) => {
      response.head(200, {});
      for (; written < 100; written += 1) if (!response.write(block)) await response.drained();
      response.end();
    });
    const log = await simulation.run(client.log('n', 'p', { follow: true }));
    await simulation.advance(60_000);
    expect(written).toBeLessThan(10);
    const size = await simulation.run(sizeOf(log));
    expect(size).toBe(100 * block.length);
  });

  test('cancel the request when their reader leaves', async () => {
    let gone = false;
    const { simulation, client } = await setUp((request, response) => {
      request.signal.addEventListener('abort', () => {
        gone = true;
      });
      response.head(200, {});
      response.write('a line\n');
    });
    const log = await simulation.run(client.log('n', 'p', { follow: true }));
    const read = async () => {
      for await (const _ of log) break;
    };
    await simulation.run(read());
    await simulation.advance(10);
    expect(gone).toBe(true);
  });

  test('end with the reason of the signal', async () => {
    const { simulation, client } = await setUp((_, response) => response.head(200, {}));
    const controller = new AbortController();
    const log = await simulation.run(client.log('n', 'p', { follow: true }, controller.signal));
    const reading = sizeOf(log);
    controller.abort(new Error('enough'));
    await expect(simulation.run(reading)).rejects.toThrow('enough');
  });

  test('that break end with the network’s error behind the bytes that came', async () => {
    const { simulation, client } = await setUp(async (_, response) => {
      response.head(200, {});
      response.write('half');
      response.reset();
    });
    const log = await simulation.run(client.log('n', 'p', {}));
    await expect(simulation.run(sizeOf(log))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

async function sizeOf(chunks: AsyncIterable<Buffer>): Promise<number> {
  let size = 0;
  for await (const chunk of chunks) size += chunk.length;
  return size;
}
