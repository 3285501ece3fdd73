/** Each fault of the network does what its words say, and heals; under any mixture of them a run can be replayed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NetworkFault } from './faults.ts';
import { describeFault } from './faults.ts';
import { type SimulatedProcess, Simulation } from './simulation.ts';

const START = Date.UTC(2026, 0, 1);

interface Pair {
  readonly simulation: Simulation;
  readonly server: SimulatedProcess;
  readonly client: SimulatedProcess;
  /** Requests that reached the handler. */
  readonly seen: string[];
}

/** A server that answers with the request's path. */
async function pair(seed = 1): Promise<Pair> {
  const simulation = new Simulation({ seed, startAt: START });
  const server = simulation.process('server');
  const client = simulation.process('client');
  const seen: string[] = [];
  await server.network.listen('server:80', (request, response) => {
    seen.push(request.url);
    response.end(request.url);
  });
  return { simulation, server, client, seen };
}

/** The answer's text, or the error that the client sees, with the virtual ms that it took. */
async function get({ simulation, client }: Pair, path = '/'): Promise<{ outcome: string; tookMs: number }> {
  const startedAt = simulation.now();
  const call = client.network
    .fetch(`http://server${path}`)
    .then(async (answer) => `${answer.status} ${await answer.text()}`)
    .catch((error: Error & { cause?: { code?: string } }) => error.cause?.code ?? error.message);
  const outcome = await simulation.run(call);
  return { outcome, tookMs: simulation.now() - startedAt };
}

describe('a fault on a link', () => {
  test('latency comes on top of the healthy one, and goes with it', async () => {
    const one = await pair();
    const fault = one.simulation.network.inject({ kind: 'latency', minimumMs: 100, maximumMs: 200 });
    for (let count = 0; count < 20; count++) {
      const { outcome, tookMs } = await get(one);
      expect(outcome).toBe('200 /');
      expect(tookMs).toBeGreaterThanOrEqual(101);
      expect(tookMs).toBeLessThanOrEqual(204);
    }
    fault.heal();
    expect((await get(one)).tookMs).toBeLessThanOrEqual(4);
  });

  test('a lost request never reaches the server', async () => {
    const one = await pair();
    one.simulation.network.inject({ kind: 'loss', probability: 1, side: 'request' });
    expect((await get(one)).outcome).toBe('ECONNRESET');
    expect(one.seen).toEqual([]);
  });

  test('a lost response leaves the server having acted', async () => {
    const one = await pair();
    one.simulation.network.inject({ kind: 'loss', probability: 1, side: 'response' });
    expect((await get(one, '/x')).outcome).toBe('ECONNRESET');
    expect(one.seen).toEqual(['/x']);
  });

  test('loss by halves loses some, and the rest arrives', async () => {
    const one = await pair();
    one.simulation.network.inject({ kind: 'loss', probability: 0.5, side: 'request' });
    const outcomes = new Set<string>();
    for (let count = 0; count < 50; count++) outcomes.add((await get(one)).outcome);
    expect([...outcomes].sort()).toEqual(['200 /', 'ECONNRESET']);
    expect(one.seen.length).toBeGreaterThan(10);
    expect(one.seen.length).toBeLessThan(40);
  });

  test('refuse lets nobody in', async () => {
    const one = await pair();
    const fault = one.simulation.network.inject({ kind: 'refuse', to: 'server' });
    expect((await get(one)).outcome).toBe('ECONNREFUSED');
    fault.heal();
    expect((await get(one)).outcome).toBe('200 /');
    expect(one.seen).toEqual(['/']);
  });

  test('status answers in the server’s place, with retry-after', async () => {
    const one = await pair();
    one.simulation.network.inject({ kind: 'status', status: 429, retryAfterSeconds: 7 });
    const answer = await one.simulation.run(one.client.network.fetch('http://server/'));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7']);
    expect(one.seen).toEqual([]);
  });

  test('concerns only the clients and servers that it names', async () => {
    const one = await pair();
    const { simulation, server } = one;
    const other = simulation.process('other');
    await server.network.listen('elsewhere:80', (_request, response) => response.end('here'));
    simulation.network.inject({ kind: 'refuse', from: 'client', to: 'server' });
    expect((await get(one)).outcome).toBe('ECONNREFUSED');
    const text = async (world: SimulatedProcess, url: string) => (await world.network.fetch(url)).text();
    expect(await simulation.run(text(other, 'http://server/'))).toBe('/');
    expect(await simulation.run(text(one.client, 'http://elsewhere/'))).toBe('here');
  });

  test('reset breaks what is open at this moment, nothing later', async () => {
    const one = await pair();
    const { simulation, server, client } = one;
    let gone = false;
    await server.network.listen('stream:80', (request, response) => {
      request.signal.addEventListener('abort', () => {
        gone = true;
      });
      response.write('first');
    });
    const text = client.network.fetch('http://stream/').then((answer) => answer.text());
    const outcome = text.catch(() => 'broken');
    await simulation.advance(10);
    simulation.network.inject({ kind: 'reset', from: 'client' });
    expect(await simulation.run(outcome)).toBe('broken');
    expect(gone).toBe(true);
    expect((await get(one)).outcome).toBe('200 /');
  });
});

describe('a slow body', () => {
  const SIZE = 200_000;
  const RATE = 10_000;

  test('from the server takes its time, in order, and holds back the writer', async () => {
    const { simulation, server, client } = await pair();
    simulation.network.inject({ kind: 'slow-body', bytesPerSecond: RATE });
    let wroteAllAt = 0;
    await server.network.listen('large:80', async (_request, response) => {
      for (let start = 0; start < SIZE; start += 1000) {
        if (!response.write(String(start % 7).repeat(1000))) await response.drained();
      }
      response.end();
      wroteAllAt = simulation.now();
    });
    const text = await simulation.run(client.network.fetch('http://large/').then((answer) => answer.text()));
    expect(text).toBe(
      Array.from({ length: SIZE / 1000 }, (_, index) => String((index * 1000) % 7).repeat(1000)).join(''),
    );
    const tookMs = simulation.now() - START;
    expect(tookMs).toBeGreaterThanOrEqual((SIZE / RATE) * 1000);
    expect(tookMs).toBeLessThan((SIZE / RATE) * 1000 + 300);
    expect(wroteAllAt - START).toBeGreaterThan(((SIZE - 70_000) / RATE) * 1000);
  });

  test.each(['text', 'stream'])('of a request (%s) takes its time too', async (kind) => {
    const { simulation, server, client } = await pair();
    simulation.network.inject({ kind: 'slow-body', bytesPerSecond: RATE });
    await server.network.listen('sink:80', async (request, response) =>
      response.end(String((await request.bytes(SIZE)).length)),
    );
    async function* chunks() {
      for (let sent = 0; sent < SIZE; sent += 50_000) yield Buffer.alloc(50_000);
    }
    const body = kind === 'text' ? 'x'.repeat(SIZE) : chunks();
    const call = client.network.fetch('http://sink/', { method: 'POST', body, duplex: 'half' });
    expect(await simulation.run(call.then((answer) => answer.text()))).toBe(String(SIZE));
    expect(simulation.now() - START).toBeGreaterThanOrEqual((SIZE / RATE) * 1000);
  });
});

describe('a partition', () => {
  test('lets new requests time out', async () => {
    const one = await pair();
    one.simulation.network.inject({ kind: 'partition', from: 'client', to: 'server' });
    const { outcome, tookMs } = await get(one);
    expect(outcome).toBe('ETIMEDOUT');
    expect(tookMs).toBeGreaterThanOrEqual(10_001);
    expect(one.seen).toEqual([]);
  });

  test('that heals in time lets the connection come about', async () => {
    const one = await pair();
    const fault = one.simulation.network.inject({ kind: 'partition' });
    const answer = one.client.network.fetch('http://server/late').then((late) => late.text());
    await one.simulation.advance(5000);
    expect(one.seen).toEqual([]);
    fault.heal();
    expect(await one.simulation.run(answer)).toBe('/late');
    await one.simulation.advance(60_000);
    expect(one.seen).toEqual(['/late']);
  });

  test('stalls an open stream, which goes on whole and in order when it heals', async () => {
    const { simulation, server, client } = await pair();
    await server.network.listen('ticker:80', async (_request, response) => {
      for (let index = 0; index < 20; index++) {
        response.write(`${index} `);
        await server.clock.sleep(1000);
      }
      response.end();
    });
    let text = '';
    const read = async () => {
      const answer = await client.network.fetch('http://ticker/');
      for await (const chunk of answer.body ?? []) text += Buffer.from(chunk);
      return simulation.now() - START;
    };
    const finished = read();
    await simulation.advance(3500);
    const before = text;
    expect(before).toBe('0 1 2 3 ');
    const fault = simulation.network.inject({ kind: 'partition', to: 'ticker' });
    await simulation.advance(60_000);
    expect(text).toBe(before);
    fault.heal();
    expect(await simulation.run(finished)).toBe(63_500);
    expect(text).toBe(Array.from({ length: 20 }, (_, index) => `${index} `).join(''));
  });

  test('stalls a request body on its way', async () => {
    const { simulation, server, client } = await pair();
    const arrived: string[] = [];
    await server.network.listen('sink:80', async (request, response) => {
      for await (const chunk of request.stream) arrived.push(String(chunk));
      response.end('thanks');
    });
    async function* ticks() {
      for (let index = 0; index < 5; index++) {
        yield Buffer.from(String(index));
        await client.clock.sleep(1000);
      }
    }
    const call = client.network.fetch('http://sink/', { method: 'POST', body: ticks(), duplex: 'half' });
    const text = call.then((answer) => answer.text());
    await simulation.advance(1500);
    const fault = simulation.network.inject({ kind: 'partition' });
    const before = [...arrived];
    await simulation.advance(30_000);
    expect(arrived).toEqual(before);
    fault.heal();
    expect(await simulation.run(text)).toBe('thanks');
    expect(arrived).toEqual(['0', '1', '2', '3', '4']);
  });

  test('hides a death until it heals, in both directions', async () => {
    const { simulation, server, client } = await pair();
    let clientGone = false;
    await server.network.listen('a:80', (request, response) => {
      request.signal.addEventListener('abort', () => {
        clientGone = true;
      });
      response.write('x');
    });
    const doomed = simulation.process('doomed');
    await doomed.network.listen('b:80', (_request, response) => {
      response.write('x');
    });
    let serverGone = false;
    const text = client.network.fetch('http://b/').then((answer) => answer.text());
    text.catch(() => {
      serverGone = true;
    });
    const other = simulation.process('other');
    void other.network.fetch('http://a/');
    await simulation.advance(10);
    const fault = simulation.network.inject({ kind: 'partition' });
    doomed.kill();
    other.kill();
    await simulation.advance(60_000);
    expect([clientGone, serverGone]).toEqual([false, false]);
    fault.heal();
    await simulation.settle();
    expect([clientGone, serverGone]).toEqual([true, true]);
  });
});

const target = {
  from: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
  to: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
};
const fault: fc.Arbitrary<NetworkFault> = fc.oneof(
  fc.record({ kind: fc.constant('latency' as const), minimumMs: fc.constant(0), maximumMs: fc.nat(500), ...target }),
  fc.record({
    kind: fc.constant('loss' as const),
    probability: fc.double({ min: 0, max: 1, noNaN: true }),
    side: fc.constantFrom('request' as const, 'response' as const),
    ...target,
  }),
  fc.record({ kind: fc.constant('reset' as const), ...target }),
  fc.record({ kind: fc.constant('partition' as const), ...target }),
  fc.record({ kind: fc.constant('refuse' as const), ...target }),
  fc.record({ kind: fc.constant('status' as const), status: fc.constantFrom(429, 503), ...target }),
  fc.record({
    kind: fc.constant('slow-body' as const),
    bytesPerSecond: fc.integer({ min: 500, max: 50_000 }),
    ...target,
  }),
);
const plan = fc.array(fc.record({ fault, afterMs: fc.nat(2000), forMs: fc.nat(3000) }), { maxLength: 6 });

interface Chaos {
  readonly hash: string;
  /** What came of each call: the texts that are whole, the errors. */
  readonly outcomes: string[];
}

const CHUNKS = 12;
const WHOLE = Array.from({ length: CHUNKS }, (_, index) => `${index}`.repeat(300)).join(';');

/** Two clients stream from and to two servers while faults come and go. */
async function chaos(seed: number, faults: { fault: NetworkFault; afterMs: number; forMs: number }[]): Promise<Chaos> {
  const simulation = new Simulation({ seed, startAt: START });
  for (const host of ['x', 'y']) {
    const server = simulation.process(host);
    await server.network.listen(`${host}:80`, async (request, response) => {
      const got = String(await request.bytes(100_000));
      for (const [index, chunk] of WHOLE.split(';').entries()) {
        if (!response.write(index === 0 ? chunk : `;${chunk}`)) await response.drained();
        await server.clock.sleep(server.random.stream('pace').integer(0, 100));
      }
      response.end(`;${got === WHOLE}`);
    });
  }
  const outcomes: string[] = [];
  const talk = async (name: string) => {
    const world = simulation.process(name);
    async function* body() {
      for (const [index, chunk] of WHOLE.split(';').entries()) {
        yield Buffer.from(index === 0 ? chunk : `;${chunk}`);
        await world.clock.sleep(10);
      }
    }
    for (let turn = 0; turn < 4; turn++) {
      const host = world.random.stream('host').pick(['x', 'y']);
      const call = world.network.fetch(`http://${host}/${turn}`, { method: 'POST', body: body(), duplex: 'half' });
      const text = call.then(async (answer) => `${answer.status} ${await answer.text()}`);
      outcomes.push(await text.catch((error: Error) => `error ${error.message}`));
    }
  };
  const inject = async ({ fault: one, afterMs, forMs }: (typeof faults)[number]) => {
    const { clock } = simulation.process('harness');
    await clock.sleep(afterMs);
    const active = simulation.network.inject(one);
    await clock.sleep(forMs);
    active.heal();
  };
  await simulation.run(Promise.all([talk('a'), talk('b'), ...faults.map(inject)]));
  return { hash: simulation.trace.hash(), outcomes };
}

describe('under any faults', () => {
  test('a response arrives whole and in order, or its client sees an error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), plan, async (seed, faults) => {
        const { outcomes } = await chaos(seed, faults);
        expect(outcomes).toHaveLength(8);
        for (const outcome of outcomes) {
          const isWhole = outcome === `200 ${WHOLE};true`;
          const isRefused = /^(429|503) \{/.test(outcome);
          expect(isWhole || isRefused || outcome.startsWith('error '), outcome).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the same seed gives the same run', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), plan, async (seed, faults) => {
        expect(await chaos(seed, faults)).toEqual(await chaos(seed, faults));
      }),
      { numRuns: 20 },
    );
  });

  test('without any, everything arrives', async () => {
    const { outcomes } = await chaos(1, []);
    expect(new Set(outcomes)).toEqual(new Set([`200 ${WHOLE};true`]));
  });
});

test.each([
  [{ kind: 'partition', from: 'operator', to: 'gateway' }, 'operator -> gateway: partition'],
  [{ kind: 'loss', probability: 0.25, side: 'response' }, 'any -> any: 25 % of responses lost'],
  [{ kind: 'latency', minimumMs: 1, maximumMs: 9, to: 'content' }, 'any -> content: 1 to 9 ms more latency'],
  [{ kind: 'slow-body', bytesPerSecond: 512 }, 'any -> any: bodies at 512 bytes/s'],
] as const)('is told in words: %j', (one, words) => {
  expect(describeFault(one)).toBe(words);
});
