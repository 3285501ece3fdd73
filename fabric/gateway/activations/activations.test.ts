/**
 * Invocations as clients make them: answers, padding, lists, reports, callbacks, cancellation; and gateways that die or
 * share a store.
 */
import { describe, expect, test } from 'vitest';
import type { HttpHandler } from '../../../world/network.ts';
import { type Answer, type Ask, openBench } from '../bench.fixture.ts';
import { startGateway } from '../server.ts';
import { openEmbeddedStore } from '../stores/embedded/store.ts';
import type { Store } from '../stores/store.ts';

const base = '/fabric/v4/projects/proj1';

/** A skill of an external API, which a test can be. */
const apiSkill = (name: string, properties: object = {}) => ({
  camel: '1.0.0',
  name,
  properties: Object.entries({ url: 'http://api.test', method: 'POST', path: name, ...properties }).map(
    ([property, defaultValue]) => ({ name: property, defaultValue }),
  ),
  inputs: [{ name: 'request', routing: { all: { runtime: 'cortex/external-api', output: 'response' } } }],
  outputs: [{ name: 'response' }],
});

const agent = (name: string, skill: string, properties: object = {}) => ({
  camel: '1.0.0',
  name,
  properties: Object.entries(properties).map(([property, value]) => ({ name: property, value })),
  inputs: [{ name: 'input', signalType: 'Service', signalId: 'i', output: 'output' }],
  outputs: [{ name: 'output', signalType: 'Service', signalId: 'o' }],
  skills: [{ refId: 'r', skillName: skill, properties: [{ name: 'size', value: 3 }] }],
  mappings: [
    { from: { input: { signalId: 'i' } }, to: { skill: { refId: 'r', input: 'request' } } },
    { from: { skill: { refId: 'r', output: 'response' } }, to: { output: { signalId: 'o' } } },
  ],
});

interface Seen {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The API answers what it was sent; below `/slow/` after 3 s, below `/never/` not at all. */
async function openApiBench(store: Store = openEmbeddedStore(':memory:')) {
  const bench = await openBench({ store, allowedOutward: ['api.test'] });
  const seen: Seen[] = [];
  const handler: HttpHandler = async (request, response) => {
    const body = (await request.bytes(1_000_000)).toString('utf8');
    seen.push({ url: request.url, headers: request.headers, body });
    if (request.url.includes('never')) await new Promise(() => {});
    if (request.url.includes('slow')) await bench.simulation.process('wait').clock.sleep(3_000);
    const isRefused = request.url.includes('refused');
    response.head(isRefused ? 418 : 200, { 'content-type': 'application/json' });
    response.end(isRefused ? '{"message":"no"}' : body);
  };
  await bench.simulation.process('api').network.listen('api.test:80', handler);
  const post = (path: string, body: unknown = {}, more: Ask = {}): Promise<Answer> =>
    bench.ask(`${base}/${path}`, { method: 'POST', body, ...more });
  const get = async (path: string): Promise<Record<string, unknown>> =>
    (await bench.ask(`${base}/${path}`)).json as unknown as Record<string, unknown>;
  for (const name of ['cortex/echo', 'slow/echo', 'never', 'refused']) await post('skills', apiSkill(name));
  await post('agents', agent('cortex/Echo', 'cortex/echo', { allowedHeaders: 'x-trace, authorization' }));
  await post('agents', agent('slow', 'slow/echo'));
  await post('agents', agent('never', 'never'));
  const activationId = (answer: Answer) => (answer.json as unknown as { activationId: string }).activationId;
  return { ...bench, seen, post, get, activationId };
}

describe('an invocation', () => {
  test('is acknowledged by its id, and its record tells what came of it', async () => {
    const { post, get, activationId, simulation } = await openApiBench();
    const answer = await post('agentinvoke/cortex%2FEcho/services/input?sync=false', { payload: { n: 1 } });
    expect(answer.json).toEqual({ success: true, activationId: activationId(answer) });
    expect(answer.headers.get('content-type')).toBe('application/json');
    await simulation.advance(1_000);
    const record = await get(`activations/${activationId(answer)}`);
    expect(record).toMatchObject({
      ...{ success: true, requestId: activationId(answer), agentName: 'cortex/Echo', serviceName: 'input' },
      ...{ status: 'COMPLETE', response: { n: 1 }, payload: { n: 1 }, username: 'anonymous', sync: false },
    });
    expect(record).not.toHaveProperty('plan');
    expect(record.elapsed).toBe(Number(record.end) - Number(record.start));
  });

  test.each([
    'skillinvoke/cortex%2Fecho/inputs/request',
    'skillinvoke/cortex/echo/inputs/request',
    'skillinvoke/cortex/echo/inputs/another',
  ])('%s is understood, with the slash as it is or encoded', async (path) => {
    const { post } = await openApiBench();
    expect((await post(`${path}?sync=true`, { payload: 'x' })).json).toMatchObject({
      status: 'COMPLETE',
      response: 'x',
    });
  });

  test.each([
    ['agentinvoke/nobody/services/input', 404, 'agent-not-found'],
    ['agentinvoke/slow/services/other', 404, 'service-not-found'],
    ['agentinvoke/slow', 404, 'agent-not-found'],
    ['skillinvoke/nobody/inputs/request', 404, 'skill-not-found'],
    ['activations/none/cancel', 404, 'activation-not-found'],
  ])('%s is %i %s', async (path, status, reason) => {
    const { post } = await openApiBench();
    expect(await post(path)).toMatchObject({ status, json: { success: false, reason } });
  });

  test.each([['[]'], ['"x"'], ['{"properties":3}'], ['{"sessionId":7}'], ['{']])(
    'with the body %s is a 400',
    async (body) => {
      const { post } = await openApiBench();
      expect((await post('skillinvoke/cortex/echo/inputs/request', body)).status).toBe(400);
    },
  );

  test('of sync=true is padded until it ends, and is JSON', async () => {
    const { post } = await openApiBench();
    const { status, text, json } = await post('agentinvoke/slow/services/input?sync=True', { payload: 'x' });
    expect(status).toBe(200);
    expect(text).toMatch(/^ {6,8}\{/);
    expect(json).toMatchObject({ status: 'COMPLETE', response: 'x' });
  });

  test('lets the headers through that the agent names, and never who asks', async () => {
    const { post, seen } = await openApiBench();
    const headers = { 'x-trace': '7', 'x-other': '8', authorization: 'Bearer secret' };
    await post('agentinvoke/cortex%2FEcho/services/input?sync=true', {}, { headers });
    expect(seen[0]?.headers).toMatchObject({ 'x-trace': '7' });
    expect(Object.keys(seen[0]?.headers ?? {})).not.toEqual(expect.arrayContaining(['x-other']));
    expect(seen[0]?.headers.authorization).toBeUndefined();
  });

  test('of an API that refuses is an ERROR that says so', async () => {
    const { post } = await openApiBench();
    const { json } = await post('skillinvoke/refused/inputs/request?sync=true');
    expect(json).toMatchObject({ status: 'ERROR', error: { message: expect.stringMatching(/answered 418: .*no/) } });
  });
});

describe('activations', () => {
  test('are listed by every filter', async () => {
    const { post, get, simulation } = await openApiBench();
    await post('agentinvoke/cortex%2FEcho/services/input', { correlationId: 'nightly' });
    await simulation.advance(60_000);
    await post('skillinvoke/refused/inputs/request');
    await simulation.advance(1_000);
    const names = async (query: string) =>
      ((await get(`activations?${query}`)).activations as { agentName?: string; skillName?: string }[]).map(
        ({ agentName, skillName }) => agentName ?? skillName,
      );
    expect(await names('limit=0&sort=%7B%22starttime%22%3A-1%7D')).toEqual(['refused', 'cortex/Echo']);
    expect(await names('sort=asc')).toEqual(['cortex/Echo', 'refused']);
    expect(await names('agentName=cortex%2FEcho')).toEqual(['cortex/Echo']);
    expect(await names('correlationId=nightly')).toEqual(['cortex/Echo']);
    expect(await names('status=completed')).toEqual(['cortex/Echo']);
    expect(await names('status=ERROR')).toEqual(['refused']);
    expect(await names(`startAfter=${new Date(Date.UTC(2026, 0, 1, 0, 0, 30)).toISOString()}`)).toEqual(['refused']);
    expect(await names(`startBefore=${Date.UTC(2026, 0, 1, 0, 0, 30)}`)).toEqual(['cortex/Echo']);
    expect(await names('filter=%7B%22skillName%22%3A%22refused%22%7D')).toEqual(['refused']);
    expect(await names('agentName=other&unknown=1')).toEqual([]);
  });

  test('show plan and transits joined by from and to, or a report', async () => {
    const { post, get, activationId } = await openApiBench();
    const id = activationId(await post('agentinvoke/cortex%2FEcho/services/input?sync=true', { payload: 'x' }));
    const { plan, transits } = (await get(`activations/${id}?verbose=true`)) as {
      plan: { states: { from: string; to: string; ref: { properties: unknown[] } }[] };
      transits: { from: string; to: string; name: string; status: string; type: string }[];
    };
    expect(transits).toMatchObject([
      { from: 'input', to: 'r', name: 'cortex/echo', type: 'skill', status: 'COMPLETE' },
    ]);
    const state = plan.states.find(({ from, to }) => from === transits[0]?.from && to === transits[0]?.to);
    expect(state?.ref.properties).toContainEqual({ name: 'size', value: 3 });
    expect(Object.keys(await get(`activations/${id}?report=true`)).sort()).toEqual(
      ['activationId', 'elapsed', 'end', 'requestId', 'start', 'status', 'success', 'transits'].sort(),
    );
  });

  test('are cancelled once, at once', async () => {
    const { post, get, activationId, simulation } = await openApiBench();
    const id = activationId(await post('agentinvoke/never/services/input'));
    await simulation.advance(100);
    expect((await post(`activations/${id}/cancel`)).json).toMatchObject({ success: true });
    expect(await get(`activations/${id}`)).toMatchObject({ status: 'CANCELLED' });
    expect((await post(`activations/${id}/cancel`)).status).toBe(409);
  });

  test('end with a reason when an API does not answer in time', async () => {
    const { post, get, activationId, simulation } = await openApiBench();
    const id = activationId(await post('agentinvoke/never/services/input'));
    await simulation.advance(31_000);
    expect(await get(`activations/${id}`)).toMatchObject({
      status: 'ERROR',
      error: { message: expect.stringContaining('30000 ms') },
    });
  });
});

describe('a callback', () => {
  test('is given the ended activation', async () => {
    const { post, seen, simulation } = await openApiBench();
    await post('agentinvoke/slow/services/input', {
      payload: 'x',
      properties: { callbackUrl: 'http://api.test/hook' },
    });
    await simulation.advance(5_000);
    const told = seen.filter(({ url }) => url === '/hook');
    expect(told).toHaveLength(1);
    expect(told[0]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(told[0]?.body ?? '')).toMatchObject({ status: 'COMPLETE', response: 'x', agentName: 'slow' });
  });

  test.each(['http://127.0.0.1/x', 'http://content/x', 'http://169.254.169.254/', 'file:///etc/passwd', 7])(
    'to %s is refused before anything runs',
    async (callbackUrl) => {
      const { post, seen } = await openApiBench();
      const answer = await post('agentinvoke/slow/services/input', { properties: { callbackUrl } });
      expect(answer).toMatchObject({ status: 400, json: { details: [{ path: ['properties', 'callbackUrl'] }] } });
      expect(seen).toEqual([]);
    },
  );
});

describe('durable', () => {
  test('what a dead gateway left is carried on by the one that shares its store, and calls are not repeated', async () => {
    const { simulation, cluster, network } = await openBench();
    const inner = openEmbeddedStore(':memory:');
    const store: Store = {
      isShared: true,
      collection: (definition) => inner.collection(definition),
      close: () => inner.close(),
    };
    const start = async (name: string) => {
      const world = simulation.process(name);
      const client = cluster.client();
      const options = { allowedOutward: ['api.test'], createProjectsOnUse: true };
      await simulation.run(startGateway({ world, address: `${name}:80`, store, client, ...options }));
      return world;
    };
    let calls = 0;
    await simulation.process('api').network.listen('api.test:80', async (_, response) => {
      calls += 1;
      await simulation.process('wait').clock.sleep(20_000);
      response.head(200, {});
      response.end('"late"');
    });
    const one = await start('one');
    await start('two');
    const ask = (host: string, path: string, body?: object) =>
      simulation.run(
        (async () => {
          const sent = body ? { method: 'POST', body: JSON.stringify(body) } : {};
          return (await network.fetch(`http://${host}${base}/${path}`, sent)).json() as Promise<Record<string, string>>;
        })(),
      );
    await ask('one', 'skills', apiSkill('late'));
    const { activationId } = await ask('one', 'skillinvoke/late/inputs/request?sync=false', {});
    await simulation.advance(5_000);
    expect(await ask('two', `activations/${activationId}`)).toMatchObject({ status: 'STARTED' });
    one.kill();
    await simulation.advance(60_000);
    const left = await ask('two', `activations/${activationId}`);
    expect(left).toMatchObject({ status: 'ERROR', error: { message: expect.stringContaining('gateway ended') } });
    expect(calls).toBe(1);
    const again = await ask('two', 'skillinvoke/late/inputs/request?sync=true', {});
    expect(again).toMatchObject({ status: 'COMPLETE', response: 'late' });
  });
});
