/**
 * Calls to daemons (contract 4.6): what they are sent, what becomes of their answers, and that no property leads
 * elsewhere.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HttpHandler, HttpRequest, HttpResponse } from '../../../../world/network.ts';
import { openBench } from '../../bench.fixture.ts';

const base = '/fabric/v4/projects/proj1';
const host = 'proj1-echo-serve.default.svc.cluster.local';

const skill = (properties: Readonly<Record<string, unknown>> = {}, action: object = {}) => ({
  camel: '1.0.0',
  name: 'echo',
  properties: Object.entries(properties).map(([name, defaultValue]) => ({ name, defaultValue })),
  inputs: [{ name: 'request', routing: { all: { action: 'serve', runtime: 'cortex/daemons', output: 'response' } } }],
  outputs: [{ name: 'response' }, { name: 'other' }],
  actions: [{ name: 'serve', type: 'daemon', image: 'echo', ...action }],
});

interface Seen {
  readonly request: HttpRequest;
  readonly message: Record<string, unknown>;
}

/** A daemon that answers as `answer` says. Invocations resolve with the activation as it ended. */
async function open(given: object = skill(), answer: (response: HttpResponse, seen: Seen) => unknown = echo) {
  const bench = await openBench();
  const { simulation } = bench;
  const seen: Seen[] = [];
  const handler: HttpHandler = async (request, response) => {
    const text = (await request.bytes(1_000_000)).toString('utf8');
    const one = { request, message: text === '' ? {} : JSON.parse(text) };
    seen.push(one);
    await answer(response, one);
  };
  const daemon = simulation.process('daemon');
  const listen = (address = `${host}:5000`) => simulation.run(daemon.network.listen(address, handler));
  const saved = await bench.ask(`${base}/skills`, { method: 'POST', body: given });
  expect(saved.text).toContain('"success":true');
  const invoke = async (body: object = {}, seconds = 60) => {
    const begun = await bench.ask(`${base}/skillinvoke/echo/inputs/request`, { method: 'POST', body });
    await simulation.advance(seconds * 1_000);
    const { activationId } = begun.json as unknown as { activationId: string };
    const { json } = await bench.ask(`${base}/activations/${activationId}?verbose=true`);
    return json as unknown as { status: string; response: unknown; elapsed: number; error?: { message: string } };
  };
  return { ...bench, seen, listen, invoke, daemon };
}

function send(response: HttpResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.head(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}

function echo(response: HttpResponse, { message }: Seen): void {
  send(response, 200, JSON.stringify({ payload: message.payload }));
}

test('a daemon is sent the message as JSON by POST to /invoke on port 5000, and its payload is the output', async () => {
  const { seen, listen, invoke } = await open();
  await listen();
  expect(await invoke({ payload: { n: 1 }, properties: { size: 3 } })).toMatchObject({
    status: 'COMPLETE',
    response: { n: 1 },
  });
  expect(seen).toHaveLength(1);
  const [{ request, message }] = seen as [Seen];
  expect([request.method, request.url]).toEqual(['POST', '/invoke']);
  expect(request.headers).toMatchObject({ 'content-type': 'application/json', accept: 'application/json' });
  expect(message).toMatchObject({
    ...{ projectId: 'proj1', skillName: 'proj1-echo', payload: { n: 1 }, properties: { size: 3 } },
    ...{ outputName: 'response', apiEndpoint: 'http://cortex-internal.cortex.svc.cluster.local' },
    token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
  });
  expect(message.sessionId).toBe(message.activationId);
  expect(message).not.toHaveProperty('agentName');
});

test('method, path and port come from the properties, those of the invocation last; headers from headers.*', async () => {
  const properties = { 'daemon.method': 'put', 'daemon.path': '/train', 'daemon.port': '8080', 'headers.X-Team': 'a' };
  const { seen, listen, invoke } = await open(skill(properties));
  await listen(`${host}:8080`);
  await invoke({ payload: 1 });
  await invoke({ payload: 1, properties: { 'daemon.path': 'predict/now?fast=1', 'headers.x-team': 'b' } });
  expect(seen.map(({ request }) => [request.method, request.url, request.headers['x-team']])).toEqual([
    ['PUT', '/train', 'a'],
    ['PUT', '/predict/now?fast=1', 'b'],
  ]);
});

test('GET has no body', async () => {
  const { listen, invoke } = await open(skill({ 'daemon.method': 'GET' }), (response) => send(response, 200, '{}'));
  await listen();
  expect((await invoke({ payload: 7 })).response).toEqual({});
});

describe('an answer', () => {
  test.each([
    ['without payload gives an empty one', 200, '{"x":1}', {}],
    ['may be any JSON value within', 201, '{"payload":[1,"a",null]}', [1, 'a', null]],
    ['may be false', 200, '{"payload":false}', false],
  ] as const)('%s', async (_what, status, body, output) => {
    const { listen, invoke } = await open(skill(), (response) => send(response, status, body));
    await listen();
    expect(await invoke()).toMatchObject({ status: 'COMPLETE', response: output });
  });

  test.each([
    ['that is no success', 503, '{"message":"busy"}', /answered 503: \{"message":"busy"\}/],
    ['that leads elsewhere', 302, '', /answered 302/],
    ['that is no JSON', 200, '<html>', /no JSON object: <html>/],
    ['that is no object', 200, '[1]', /no JSON object: \[1\]/],
    ['that is empty', 200, '', /no JSON object/],
  ] as const)('%s is an error with its status and a piece of it', async (_what, status, body, message) => {
    const { listen, invoke, seen } = await open(skill(), (response) =>
      send(response, status, body, { location: 'http://169.254.169.254/' }),
    );
    await listen();
    const { status: ended, error } = await invoke();
    expect([ended, error?.message]).toEqual(['ERROR', expect.stringMatching(message)]);
    expect(seen).toHaveLength(1);
  });

  test('that is too large is not kept', async () => {
    const { listen, invoke } = await open(skill(), (response) => send(response, 200, `"${'x'.repeat(9_000_000)}"`));
    await listen();
    expect((await invoke()).error?.message).toMatch(/larger than 8388608 bytes/);
  });

  test('that takes longer than 30 s is not waited for; one of 29 s is', async () => {
    const { listen, invoke, daemon } = await open(skill(), async (response, { request }) => {
      await daemon.clock.sleep(Number(request.url.slice(1)) * 1_000);
      send(response, 200, '{"payload":"late"}');
    });
    await listen();
    expect((await invoke({ properties: { 'daemon.path': '29' } })).response).toBe('late');
    const { elapsed, error } = await invoke({ properties: { 'daemon.path': '31' } });
    expect(error?.message).toMatch(/longer than 30000 ms/);
    expect(elapsed).toBeGreaterThanOrEqual(30_000);
    expect(elapsed).toBeLessThan(31_000);
  });
});

describe('a daemon', () => {
  test('that is not there yet is asked again until it is, and runs the call once', async () => {
    const { listen, invoke, seen, simulation } = await open();
    simulation.process('later').clock.after(10_000, () => void listen());
    expect((await invoke({ payload: 1 })).response).toBe(1);
    expect(seen).toHaveLength(1);
  });

  test('that never comes is told with what stood in the way', async () => {
    const { invoke } = await open();
    expect((await invoke()).error?.message).toMatch(/longer than 30000 ms: .*(ECONNREFUSED|ENOTFOUND)/);
  });

  test('whose connection breaks in the middle is not asked again: it may have acted', async () => {
    const { listen, invoke, seen } = await open(skill(), (response) => response.reset());
    await listen();
    expect((await invoke()).status).toBe('ERROR');
    expect(seen).toHaveLength(1);
  });
});

describe('properties lead nowhere else', () => {
  test.each([
    ['daemon.port', 6443, /daemon\.port 6443 is none of the daemon's ports \(5000\)/],
    ['daemon.port', 'x', /daemon\.port/],
    ['daemon.path', '../../other', /daemon\.path/],
    ['daemon.path', 'a/%2e%2E/b', /daemon\.path/],
    ['daemon.path', '\ud800', /daemon\.path/],
    ['daemon.method', 'TRACE', /daemon\.method/],
    ['daemon.method', 'GET / HTTP/1.1', /daemon\.method/],
  ])('%s = %j', async (name, value, message) => {
    const { listen, invoke, seen } = await open();
    await listen();
    expect((await invoke({ properties: { [name]: value } }, 5)).error?.message).toMatch(message);
    expect(seen).toEqual([]);
  });

  test('whatever the path, the daemon’s own Service is asked, or nobody', async () => {
    const { listen, invoke, seen, simulation } = await open();
    const asked = new Set<string>();
    simulation.network.observe(({ from, address }) => void (from === 'gateway' && asked.add(address)));
    await listen();
    const paths = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '//evil.example/x',
        '@evil.example/',
        ':80@evil.example',
        '\\\\evil',
        'http://evil.example/',
        '#x?y',
      ),
    );
    await fc.assert(
      fc.asyncProperty(paths, async (path) => void (await invoke({ properties: { 'daemon.path': path } }, 1))),
      { numRuns: 40 },
    );
    expect([...asked]).toEqual([`${host}:5000`]);
    expect(seen.length).toBeGreaterThan(20);
  });

  test('headers that belong to the connection or to Fabric are left out', async () => {
    const given = {
      'headers.host': 'evil',
      'headers.connection': 'x',
      'headers.x-bad': 'a\r\nb: c',
      'headers.ok': '1',
    };
    const { listen, invoke, seen } = await open(skill(given));
    await listen();
    await invoke();
    expect(seen[0]?.request.headers).toMatchObject({ ok: '1' });
    expect(seen[0]?.request.headers.host).not.toBe('evil');
    expect(seen[0]?.request.headers).not.toHaveProperty('x-bad');
  });
});
