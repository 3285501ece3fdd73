/** Requests from outside, by a real socket, take part in a simulation. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HttpHandler, Listener } from '../network.ts';
import { RealNetwork } from '../real/network.ts';
import { type SimulatedProcess, Simulation } from './simulation.ts';
import type { TraceEvent } from './trace.ts';

let simulation: Simulation;
let server: SimulatedProcess;
let listener: Listener;
let events: TraceEvent[];
const real = new RealNetwork();

beforeEach(async () => {
  events = [];
  simulation = new Simulation({ seed: 1, startAt: 0, sink: (event) => events.push(event) });
  server = simulation.process('server');
  listener = await real.listen('127.0.0.1:0', (request, response) => {
    const handler = simulation.network.handlerAt('server:80');
    return handler ? handler(request, response) : response.reset();
  });
});
afterEach(() => listener.close());

const serve = (handler: HttpHandler) => server.network.listen('server:80', handler);

test('they are answered without virtual time, and stand in the trace', async () => {
  await serve(async (request, response) => {
    const body = await request.bytes(100);
    response.head(201, { 'x-seen': request.headers['x-one'] ?? '' });
    response.end(`${request.method} ${request.url} ${body}`);
  });
  const answer = await real.fetch(`${listener.url}/p?q=1`, { method: 'PUT', headers: { 'x-one': '1' }, body: 'hello' });
  expect([answer.status, answer.headers.get('x-seen'), await answer.text()]).toEqual([201, '1', 'PUT /p?q=1 hello']);
  expect(simulation.now()).toBe(0);
  const seen = events.filter(({ type }) => type === 'request' || type === 'response');
  expect(seen).toMatchObject([
    { from: 'outside', to: 'server:80', method: 'PUT', path: '/p?q=1' },
    { type: 'response', status: 201 },
  ]);
});

test('they meet the faults of the simulated network', async () => {
  await serve((_request, response) => response.end('fine'));
  const fault = simulation.network.inject({ kind: 'status', status: 503, to: 'server' });
  expect((await real.fetch(listener.url)).status).toBe(503);
  fault.heal();
  simulation.network.inject({ kind: 'refuse', from: 'outside' });
  const broken = real.fetch(listener.url).catch(() => 'broken');
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  await simulation.settle();
  expect(await broken).toBe('broken');
});

test('they break when the server is killed', async () => {
  await serve((_request, response) => {
    response.write('first');
  });
  const answer = await real.fetch(listener.url);
  server.kill();
  const text = answer.text();
  const outcome = text.catch(() => 'broken');
  await simulation.settle();
  expect(await outcome).toBe('broken');
});

test('a large answer to a slow reader holds back the server', async () => {
  let sent = 0;
  const chunks = 2000;
  await serve(async (_request, response) => {
    for (; sent < chunks; sent++) if (!response.write(Buffer.alloc(16_384))) await response.drained();
    response.end();
  });
  const answer = await real.fetch(listener.url);
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(sent).toBeLessThan(chunks);
  expect((await answer.arrayBuffer()).byteLength).toBe(chunks * 16_384);
});

test('a reader that goes is seen by the server', async () => {
  let isGone: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    isGone = resolve;
  });
  await serve((request, response) => {
    request.signal.addEventListener('abort', () => isGone());
    response.write('x');
  });
  const controller = new AbortController();
  await real.fetch(listener.url, { signal: controller.signal });
  controller.abort();
  await gone;
});
