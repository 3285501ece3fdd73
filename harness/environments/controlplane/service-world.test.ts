import { afterEach, expect, test } from 'vitest';
import type { Listener } from '../../../world/network.ts';
import { realWorld } from '../../../world/real/world.ts';
import { silentLog } from './own-world.ts';
import { type ServiceWorld, serviceWorld } from './service-world.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function server(): Promise<{ readonly listener: Listener; readonly seen: string[] }> {
  const seen: string[] = [];
  const listener = await realWorld('server', silentLog).network.listen('127.0.0.1:0', (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.head(200, {});
    response.end();
  });
  closing.push(() => listener.close());
  return { listener, seen };
}

test('a service that is killed by its own request does not send it, nor any later one', async () => {
  const { listener, seen } = await server();
  const service: ServiceWorld = serviceWorld('operator', silentLog, ({ method }) => {
    if (method === 'PUT') void service.kill();
  });
  closing.push(() => service.close());
  await (await service.world.network.fetch(`${listener.url}/first`)).text();
  void service.world.network.fetch(`${listener.url}/second`, { method: 'PUT' });
  void service.world.network.fetch(`${listener.url}/third`);
  await (await fetch(`${listener.url}/other`)).text();
  expect(seen).toEqual(['GET /first', 'GET /other']);
  expect(service.world.killed).toBe(true);
});

test('requests are seen with address, method and path, those of a library’s dispatcher too', async () => {
  const { listener } = await server();
  const requests: object[] = [];
  const service = serviceWorld('operator', silentLog, (request) => requests.push(request));
  closing.push(() => service.close());
  await service.world.network.fetch(`${listener.url}/a?b=c`);
  const { body } = await service.world.network
    .dispatcher()
    .request({ origin: listener.url, path: '/d', method: 'POST', body: 'x' });
  await body.text();
  const { host } = new URL(listener.url);
  expect(requests).toEqual([
    { address: host, method: 'GET', path: '/a?b=c' },
    { address: host, method: 'POST', path: '/d' },
  ]);
});

test('a killed service listens no more', async () => {
  const service = serviceWorld('gateway', silentLog, () => undefined);
  const { url } = await service.world.network.listen('127.0.0.1:0', (_request, response) => {
    response.head(200, {});
    response.end();
  });
  expect((await fetch(url)).status).toBe(200);
  await service.kill();
  await expect(fetch(url)).rejects.toThrow();
});
