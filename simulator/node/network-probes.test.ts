/** Probes by HTTP and by a port, of programs that serve. */
import { describe, expect, test } from 'vitest';
import type { Event } from '../../kubernetes/objects.ts';
import { events as eventType } from '../../kubernetes/resources.ts';
import type { HttpRequest } from '../../world/network.ts';
import { main, startCluster } from './node.fixture.ts';
import type { Program } from './runtimes/programs/program.ts';

const seen: { url: string; headers: HttpRequest['headers'] }[] = [];

/** Listens on 8080 after `sleep` seconds; the path says what it answers. */
const server: Program = async ({ world, pod, args: [sleep = '0'], signal }) => {
  await world.clock.sleep(1000 * Number(sleep), signal);
  const listener = await world.network.listen(`${pod.address}:8080`, async (request, response) => {
    seen.push({ url: request.url, headers: request.headers });
    const url = new URL(request.url, 'http://server');
    if (url.pathname === '/slow') await world.clock.sleep(5_000);
    const location = url.searchParams.get('to');
    const status = Number(url.pathname.slice(1)) || 200;
    response.head(status, location === null ? {} : { location });
    response.end('said');
  });
  return new Promise<number>((resolve) => {
    signal.addEventListener('abort', () => void listener.close().then(() => resolve(0)));
  });
};

type ProbeOf = NonNullable<ReturnType<typeof main>['readinessProbe']>;

/** What a pod with that readiness probe shows after half a minute. */
async function probed(probe: ProbeOf, sleep = '0') {
  const { simulation, create, get, client } = await startCluster({ programs: { p: server } });
  const ports = [{ name: 'web', containerPort: 8080 }];
  await create('p', {
    containers: [main('p', { args: [sleep], ports, readinessProbe: { periodSeconds: 5, ...probe } })],
  });
  await simulation.advance(30_000);
  const { items } = await simulation.run(client.list<Event>(eventType, { namespace: 'default' }));
  const { status } = await get('p');
  const address = status?.podIP ?? '';
  const said = items.filter(({ reason }) => reason === 'Unhealthy').map(({ message = '' }) => message);
  return { ready: status?.containerStatuses?.[0]?.ready, address, said: [...new Set(said)] };
}

const get = (path: string, more: object = {}): ProbeOf => ({ httpGet: { port: 8080, path, ...more } });

describe('a probe by HTTP', () => {
  test.each([200, 204, 302, 399])('passes with %i', async (status) => {
    expect(await probed(get(`/${status}`))).toMatchObject({ ready: true, said: [] });
  });

  test.each([400, 404, 500, 503])('fails with %i, which its event tells', async (status) => {
    const said = [`Readiness probe failed: HTTP probe failed with statuscode: ${status}`];
    expect(await probed(get(`/${status}`))).toMatchObject({ ready: false, said });
  });

  test('goes to a port by its name, with the headers that are given', async () => {
    seen.length = 0;
    const httpHeaders = [{ name: 'X-Own', value: 'yes' }];
    expect(await probed({ httpGet: { port: 'web', httpHeaders } })).toMatchObject({ ready: true });
    expect(seen[0]).toMatchObject({ url: '/', headers: { 'x-own': 'yes', 'user-agent': 'kube-probe/1.36' } });
  });

  test('to a port that nobody listens on fails in the words of Go', async () => {
    const { ready, address, said } = await probed(get('/', { port: 9090 }));
    const place = `${address}:9090`;
    const text = `Readiness probe failed: Get "http://${place}/": dial tcp ${place}: connect: connection refused`;
    expect({ ready, said }).toEqual({ ready: false, said: [text] });
  });

  test('fails when the answer comes later than its timeout', async () => {
    const { ready, said } = await probed({ ...get('/slow'), timeoutSeconds: 2 });
    expect(ready).toBe(false);
    expect(said[0]).toMatch(/context deadline exceeded \(Client.Timeout exceeded while awaiting headers\)$/);
    expect(await probed({ ...get('/slow'), timeoutSeconds: 6, periodSeconds: 10 })).toMatchObject({ ready: true });
  });

  test('follows a redirect on the same host, and passes with one that leaves it', async () => {
    const said = ['Readiness probe failed: HTTP probe failed with statuscode: 500'];
    expect(await probed(get('/302?to=/500'))).toMatchObject({ ready: false, said });
    expect(await probed(get('/302?to=http://elsewhere/500'))).toMatchObject({ ready: true });
  });

  test('to a port whose name the container does not have counts neither way', async () => {
    const text = 'Readiness probe errored and resulted in unknown state: strconv.Atoi: parsing "dns": invalid syntax';
    expect(await probed(get('/', { port: 'dns' }))).toMatchObject({ ready: false, said: [text] });
  });
});

describe('a probe by a port', () => {
  test('passes once somebody listens', async () => {
    const { ready, address, said } = await probed({ tcpSocket: { port: 'web' } }, '12');
    const text = `Readiness probe failed: dial tcp ${address}:8080: connect: connection refused`;
    expect({ ready, said }).toEqual({ ready: true, said: [text] });
  });
});

test('a probe by gRPC is not asked, and an event says so', async () => {
  const { simulation, create, get: pod, events } = await startCluster({ programs: { p: server } });
  await create('p', { containers: [main('p', { readinessProbe: { grpc: { port: 8080 } } })] });
  await simulation.advance(10_000);
  expect((await pod('p')).status?.containerStatuses?.[0]?.ready).toBe(true);
  expect(await events('p')).toContain('NotSimulated');
});
