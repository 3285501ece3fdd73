/** Calls of external APIs (contract 4.6): what is asked, what becomes of the answer, and that none leads inside. */
import { describe, expect, test } from 'vitest';
import type { HttpHandler, HttpRequest } from '../../../world/network.ts';
import { openBench } from '../bench.fixture.ts';
import type { GatewayOptions } from '../settings.ts';

const base = '/fabric/v4/projects/proj1';

const skill = (properties: Readonly<Record<string, unknown>>) => ({
  camel: '1.0.0',
  name: 'api',
  properties: Object.entries(properties).map(([name, defaultValue]) => ({ name, defaultValue })),
  inputs: [{ name: 'request', routing: { all: { runtime: 'cortex/external-api', output: 'response' } } }],
  outputs: [{ name: 'response' }],
});

interface Seen {
  readonly request: HttpRequest;
  readonly body: string;
}

async function open(
  properties: Readonly<Record<string, unknown>>,
  answer: { status?: number; body?: string; headers?: Record<string, string> } = {},
  options: Partial<GatewayOptions> = {},
) {
  const bench = await openBench(options);
  const { simulation } = bench;
  const seen: Seen[] = [];
  const handler: HttpHandler = async (request, response) => {
    seen.push({ request, body: (await request.bytes(1_000_000)).toString('utf8') });
    response.head(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body ?? '{}');
  };
  const places = ['api.example.com:80', 'api.example.com:443', 'inside:80', 'localhost:9000', '10.0.0.9:80'];
  const world = simulation.process('places');
  for (const place of places) await world.network.listen(place, handler);
  await bench.ask(`${base}/skills`, { method: 'POST', body: skill(properties) });
  const invoke = async (body: object = {}) => {
    const begun = await bench.ask(`${base}/skillinvoke/api/inputs/request`, { method: 'POST', body });
    await simulation.advance(40_000);
    const { activationId } = begun.json as unknown as { activationId: string };
    const { json } = await bench.ask(`${base}/activations/${activationId}`);
    return json as unknown as { status: string; response: unknown; error?: { message: string } };
  };
  return { ...bench, seen, invoke };
}

const url = 'https://api.example.com/v1';

test('the payload is sent as JSON to the URL and path; the answer is the output', async () => {
  const properties = { url, path: 'forecast', 'headers.X-Key': 'k' };
  const { seen, invoke } = await open(properties, { body: '{"sunny":true}' });
  expect(await invoke({ payload: { day: 1 } })).toMatchObject({ status: 'COMPLETE', response: { sunny: true } });
  const [{ request, body }] = seen as [Seen];
  expect([request.method, request.url, JSON.parse(body)]).toEqual(['POST', '/v1/forecast', { day: 1 }]);
  expect(request.headers).toMatchObject({ 'content-type': 'application/json', 'x-key': 'k' });
});

test('the gateway’s credential is never with it', async () => {
  const { seen, invoke } = await open({ url });
  await invoke({ payload: 1 });
  expect(seen[0]?.request.headers).not.toHaveProperty('authorization');
});

test.each(['GET', 'HEAD', 'get'])('%s sends no body', async (method) => {
  const { seen, invoke } = await open({ url, method });
  await invoke({ payload: { day: 1 } });
  expect([seen[0]?.request.method, seen[0]?.body]).toEqual([method.toUpperCase(), '']);
  expect(seen[0]?.request.headers).not.toHaveProperty('content-type');
});

test.each([
  ['https://api.example.com/v1?key=a', 'x/y', '/v1/x/y?key=a'],
  ['https://api.example.com', '/x', '/x'],
  ['https://api.example.com/', '/x?day=1', '/x?day=1'],
  ['https://api.example.com/v1?key=a', 'x?day=1', '/v1/x?key=a&day=1'],
  ['https://api.example.com/v1', '@evil.example/', '/v1/@evil.example/'],
  ['https://api.example.com/v1/', '', '/v1/'],
])('%s with path %j is %s', async (given, path, asked) => {
  const { seen, invoke } = await open({ url: given, path });
  await invoke();
  expect(seen.map(({ request }) => request.url)).toEqual([asked]);
});

describe('an answer', () => {
  test('that is no JSON is a text', async () => {
    const { invoke } = await open({ url }, { body: 'sunny\n', headers: { 'content-type': 'text/plain' } });
    expect((await invoke()).response).toBe('sunny\n');
  });

  test.each([404, 500])('%i is an error with a piece of it', async (status) => {
    const { invoke } = await open({ url }, { status, body: '{"message":"no such day"}' });
    const { status: ended, error } = await invoke();
    expect([ended, error?.message]).toEqual(['ERROR', expect.stringContaining(`answered ${status}: {"message":`)]);
  });

  test('that leads elsewhere is not followed', async () => {
    const { invoke, seen } = await open({ url }, { status: 302, headers: { location: 'http://localhost:9000/' } });
    expect((await invoke()).error?.message).toContain('answered 302');
    expect(seen).toHaveLength(1);
  });
});

describe('no URL leads inside', () => {
  test.each([
    'http://inside/',
    'http://localhost:9000/',
    'http://10.0.0.9/',
    'http://cortex-internal.cortex.svc.cluster.local/internal/messages/a/b/c',
    'http://kubernetes.default.svc/',
    'file:///etc/passwd',
    '',
    undefined,
  ])('%s', async (given) => {
    const { invoke, seen } = await open({ url: given });
    const { status, error } = await invoke();
    expect([status, error?.message]).toEqual(['ERROR', expect.any(String)]);
    expect(seen).toEqual([]);
  });

  test('nor does a name outside that leads to an address inside; the operator of the gateway may except it', async () => {
    for (const allowedOutward of [[], ['rebound.example.com']]) {
      const { invoke, seen, simulation } = await open({ url: 'http://rebound.example.com/' }, {}, { allowedOutward });
      simulation.network.resolveBy((address) =>
        address === 'rebound.example.com:80' ? { place: '10.0.0.9:80' } : undefined,
      );
      expect([(await invoke()).status, seen.length]).toEqual(
        allowedOutward.length === 0 ? ['ERROR', 0] : ['COMPLETE', 1],
      );
    }
  });

  test('a host that is excepted is asked, on the port that was named alone', async () => {
    const options = { allowedOutward: ['localhost:9000'] };
    expect((await (await open({ url: 'http://localhost:9000/' }, {}, options)).invoke()).status).toBe('COMPLETE');
    expect((await (await open({ url: 'http://localhost:9001/' }, {}, options)).invoke()).status).toBe('ERROR');
  });
});
