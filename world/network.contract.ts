/** What every network of a World does, simulated or real: one suite, run on each. */
import { Readable } from 'node:stream';
import { request as undiciRequest } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AddressInUseError, BodyTooLargeError, type HttpHandler, type Listener, type Network } from './network.ts';

export interface OpenedNetwork {
  readonly server: Network;
  readonly client: Network;
  /** An address that `listen` may take. */
  readonly address: string;
  /** Lets what the promise waits for happen, and gives its value. */
  run<T>(work: Promise<T>): Promise<T>;
  /** Lets some turns of the event loop pass. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
}

function deferred<T = void>(): Deferred<T> {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle(value) };
}

export function networkContract(name: string, open: () => Promise<OpenedNetwork>): void {
  describe(`network: ${name}`, () => {
    let network: OpenedNetwork;
    let client: Network;
    const listeners: Listener[] = [];
    beforeEach(async () => {
      network = await open();
      ({ client } = network);
    });
    afterEach(async () => {
      for (const listener of listeners.splice(0)) await listener.close();
      await network.close();
    });

    async function serve(handler: HttpHandler, address = network.address): Promise<string> {
      const listener = await network.run(network.server.listen(address, handler));
      listeners.push(listener);
      return listener.url;
    }

    const failure = (work: Promise<unknown>): Promise<unknown> =>
      network.run(
        work.then(
          () => 'no error',
          (error: unknown) => error,
        ),
      );

    test('carries method, path, headers and body, and the answer back', async () => {
      const url = await serve(async (request, response) => {
        const body = await request.bytes(100);
        response.head(201, { 'Content-Type': 'text/plain', 'x-list': ['a', 'b'] });
        response.end(`${request.method} ${request.url} ${request.headers['x-one']} ${body}`);
      });
      const answer = await network.run(
        client.fetch(`${url}/p%20q?a=1&b=%2F`, { method: 'POST', headers: { 'X-One': '1' }, body: 'hello' }),
      );
      expect([answer.status, answer.statusText]).toEqual([201, 'Created']);
      expect(answer.headers.get('content-type')).toBe('text/plain');
      expect(answer.headers.get('x-list')).toBe('a, b');
      expect(await network.run(answer.text())).toBe('POST /p%20q?a=1&b=%2F 1 hello');
    });

    test('serves undici itself by the dispatcher', async () => {
      const url = await serve((request, response) => {
        response.head(200, { 'x-seen': request.headers['x-list'] ?? '' });
        response.end('{"a":1}');
      });
      const call = async () => {
        const { headers, body } = await undiciRequest(url, {
          dispatcher: client.dispatcher(),
          headers: { 'x-list': ['a', 'b'] },
        });
        return [headers['x-seen'], await body.json()];
      };
      expect(await network.run(call())).toEqual(['a, b', { a: 1 }]);
    });

    test('a handler that says no head answers 200', async () => {
      const url = await serve((_request, response) => {
        response.write('a');
        expect(response.headWritten).toBe(true);
        response.end('b');
        expect(response.write('late')).toBe(true);
        response.end();
      });
      const answer = await network.run(client.fetch(url));
      expect([answer.status, await network.run(answer.text())]).toEqual([200, 'ab']);
    });

    test.each([
      ['HEAD', 200],
      ['GET', 204],
      ['GET', 304],
    ])('the answer to %s with status %d has no body, whatever the handler writes', async (method, status) => {
      const url = await serve((_request, response) => {
        response.head(status, { etag: '"x"' });
        response.write('not');
        response.end('sent');
      });
      const answer = await network.run(client.fetch(url, { method }));
      expect([answer.status, answer.headers.get('etag'), await network.run(answer.text())]).toEqual([
        status,
        '"x"',
        '',
      ]);
    });

    test.each([10, 200_000])('parts of %d bytes that end an answer arrive as one', async (length) => {
      const parts = ['a', 'b', 'c'].map((letter) => Buffer.alloc(length, letter));
      const url = await serve((_request, response) => response.end(parts));
      const answer = await network.run(client.fetch(url));
      expect(Buffer.from(await network.run(answer.arrayBuffer())).equals(Buffer.concat(parts))).toBe(true);
    });

    test('takes a request body as a stream, chunk by chunk', async () => {
      const url = await serve(async (request, response) => {
        let text = '';
        for await (const chunk of request.stream) text += chunk;
        response.end(text);
      });
      async function* numbers() {
        for (let index = 0; index < 500; index++) yield Buffer.from(`${index} `);
      }
      const answer = await network.run(client.fetch(url, { method: 'POST', body: numbers(), duplex: 'half' }));
      expect(await network.run(answer.text())).toBe(Array.from({ length: 500 }, (_, index) => `${index} `).join(''));
    });

    test('a large request body arrives whole, by stream and by bytes', async () => {
      const large = Buffer.alloc(3_000_000, 'abcdefg');
      const url = await serve(async (request, response) => {
        const parts: Buffer[] = [];
        if (request.url === '/bytes') parts.push(await request.bytes(large.length));
        else for await (const chunk of request.stream) parts.push(chunk);
        response.end(String(Buffer.concat(parts).equals(large)));
      });
      for (const path of ['/stream', '/bytes']) {
        const answer = await network.run(client.fetch(url + path, { method: 'POST', body: large }));
        expect(await network.run(answer.text())).toBe('true');
      }
    });

    test.each(['text', 'stream'])(
      'a body beyond the limit (%s) is an error that the handler can answer',
      async (kind) => {
        const url = await serve(async (request, response) => {
          try {
            await request.bytes(10);
          } catch (error) {
            response.head(error instanceof BodyTooLargeError ? 413 : 500, {});
            response.end('too large');
          }
        });
        const body = kind === 'text' ? 'x'.repeat(11) : Readable.from([Buffer.from('12345'), Buffer.from('678901')]);
        const call = async () => {
          const answer = await undiciRequest(url, { method: 'POST', body, dispatcher: client.dispatcher() });
          return [answer.statusCode, await answer.body.text()];
        };
        expect(await network.run(call())).toEqual([413, 'too large']);
      },
    );

    test.each(['whole', 'stream'])(
      'a handler that has read enough of a large body (%s) gets its answer through',
      async (kind) => {
        const url = await serve(async (request, response) => {
          for await (const _ of request.stream) break;
          response.head(507, { 'content-length': '4' });
          response.end('full');
        });
        const chunk = Buffer.alloc(1_000_000, 'x');
        async function* chunks() {
          for (let index = 0; index < 20; index++) yield chunk;
        }
        for (let times = 0; times < 3; times++) {
          const body = kind === 'whole' ? Buffer.alloc(20_000_000, 'x') : chunks();
          const answer = await network.run(client.fetch(url, { method: 'POST', body, duplex: 'half' }));
          expect([answer.status, await network.run(answer.text())]).toEqual([507, 'full']);
        }
      },
    );

    test('an empty body is empty', async () => {
      const url = await serve(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request.stream) chunks.push(chunk);
        response.end(String(chunks.length));
      });
      expect(await network.run(client.fetch(url).then((answer) => answer.text()))).toBe('0');
    });

    test('answers 500 when the handler throws before its head, and keeps serving', async () => {
      const url = await serve(() => {
        throw new Error('broken');
      });
      expect((await network.run(client.fetch(url))).status).toBe(500);
      expect((await network.run(client.fetch(url))).status).toBe(500);
    });

    test.each(['throws', 'resets'])(
      'a handler that %s after its head gives the client an error, never an end',
      async (how) => {
        const url = await serve((_request, response) => {
          response.head(200, {});
          response.write('half');
          if (how === 'throws') throw new Error('broken');
          response.reset();
        });
        expect(await failure(client.fetch(url).then((answer) => answer.text()))).toBeInstanceOf(Error);
      },
    );

    test('a slow reader holds back the writer, who gets room again', async () => {
      const written = deferred<number>();
      const chunk = Buffer.alloc(16_384, 'x');
      const chunks = 2000;
      let sent = 0;
      const url = await serve(async (_request, response) => {
        response.head(200, {});
        let waits = 0;
        for (sent = 0; sent < chunks; sent++) {
          if (response.write(chunk)) continue;
          waits++;
          await response.drained();
        }
        response.end();
        written.resolve(waits);
      });
      const answer = await network.run(client.fetch(url));
      const reader = answer.body?.getReader();
      await network.run(reader?.read() ?? Promise.reject(new Error('no body')));
      await network.idle();
      expect(sent).toBeLessThan(chunks);
      const rest = async () => {
        let bytes = 0;
        for (;;) {
          const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
          if (done) return bytes;
          bytes += value.length;
        }
      };
      const bytes = await network.run(rest());
      expect(bytes).toBeGreaterThan((chunks - 10) * chunk.length);
      expect(await network.run(written.promise)).toBeGreaterThan(10);
    });

    test('tells the handler when the client goes, and lets it go on', async () => {
      const arrived = deferred();
      const gone = deferred<unknown>();
      const url = await serve(async (request, response) => {
        request.signal.addEventListener('abort', () => gone.resolve(request.signal.reason));
        response.head(200, {});
        response.write('x');
        arrived.resolve();
        await gone.promise;
        response.write('nobody reads this');
        await response.drained();
        response.end();
      });
      const controller = new AbortController();
      await network.run(client.fetch(url, { signal: controller.signal }));
      await network.run(arrived.promise);
      controller.abort();
      expect(await network.run(gone.promise)).toBeInstanceOf(Error);
    });

    test('a client that goes while it sends breaks the reading of its body', async () => {
      const broken = deferred<unknown>();
      const reading = deferred();
      const url = await serve(async (request) => {
        reading.resolve();
        await request.bytes(1000).catch((error: unknown) => broken.resolve(error));
      });
      const controller = new AbortController();
      async function* stuck() {
        yield Buffer.from('first');
        await new Promise(() => undefined);
      }
      const call = client.fetch(url, { method: 'POST', body: stuck(), duplex: 'half', signal: controller.signal });
      const outcome = call.catch((error: Error) => error.message);
      await network.run(reading.promise);
      controller.abort(new Error('changed my mind'));
      expect(await network.run(outcome)).toBe('changed my mind');
      expect(await network.run(broken.promise)).toMatchObject({ code: 'ECONNRESET' });
    });

    test('a signal that is aborted already sends nothing', async () => {
      let requests = 0;
      const url = await serve((_request, response) => {
        requests++;
        response.end();
      });
      const signal = AbortSignal.abort(new Error('never mind'));
      expect(await failure(client.fetch(url, { signal }))).toMatchObject({ message: 'never mind' });
      expect(requests).toBe(0);
    });

    test('an error of the body’s own source reaches the client, and the server sees it go', async () => {
      const broken = deferred<unknown>();
      const url = await serve(async (request) => {
        await request.bytes(1000).catch((error: unknown) => broken.resolve(error));
      });
      async function* failing() {
        yield Buffer.from('first');
        throw new Error('disk broken');
      }
      const call = client.fetch(url, { method: 'POST', body: failing(), duplex: 'half' });
      expect(await failure(call)).toBeInstanceOf(Error);
      expect(await network.run(broken.promise)).toBeInstanceOf(Error);
    });

    test('port 0 gives each listener an address of its own', async () => {
      const host = network.address.slice(0, network.address.lastIndexOf(':'));
      const first = await serve((_request, response) => response.end('first'), `${host}:0`);
      const second = await serve((_request, response) => response.end('second'), `${host}:0`);
      const text = async (url: string) => (await client.fetch(url)).text();
      expect(await network.run(text(first))).toBe('first');
      expect(await network.run(text(second))).toBe('second');
    });

    test('refuses an address that is taken, until it is given back', async () => {
      const url = await serve((_request, response) => response.end('one'));
      const address = url.slice('http://'.length);
      const again = () => network.run(network.server.listen(address, (_request, response) => response.end('two')));
      await expect(again()).rejects.toThrow(AddressInUseError);
      await listeners.pop()?.close();
      const listener = await again();
      listeners.push(listener);
      expect(await network.run(client.fetch(url).then((answer) => answer.text()))).toBe('two');
    });

    test('closing resets what is open and refuses what comes after', async () => {
      const open = deferred();
      const url = await serve((_request, response) => {
        response.head(200, {});
        response.write('first');
        open.resolve();
      });
      const text = client.fetch(url).then((answer) => answer.text());
      const outcome = failure(text);
      await network.run(open.promise);
      await listeners.pop()?.close();
      expect(await outcome).toBeInstanceOf(Error);
      expect(await failure(client.fetch(url))).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    });
  });
}
