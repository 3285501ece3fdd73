/** A service that is stopped lets requests under way finish, but not for ever. */
import { describe, expect, it } from 'vitest';
import { Simulation } from '../../world/simulated/simulation.ts';
import { createRoutes } from './exchange.ts';
import { sendJson } from './reply.ts';
import { serve } from './serve.ts';

async function bench(ready?: () => Promise<void>) {
  const simulation = new Simulation({ seed: 7, startAt: Date.UTC(2026, 0, 1) });
  const world = simulation.process('service');
  const routes = createRoutes();
  routes.get('/slow', async (context) => {
    await world.clock.sleep(5_000);
    return sendJson(context, { done: true });
  });
  const serving = await simulation.run(serve({ world, address: 'service:80', routes, ...(ready ? { ready } : {}) }));
  const { network } = simulation.process('client');
  const ask = async (path: string) => {
    const answer = await network.fetch(`http://service${path}`);
    return { status: answer.status, text: await answer.text() };
  };
  return { simulation, serving, ask };
}

describe('a service', () => {
  it('is healthy, and ready when it can work', async () => {
    let fault: Error | undefined = new Error('the store is away');
    const { simulation, ask } = await bench(async () => {
      if (fault) throw fault;
    });
    expect((await simulation.run(ask('/healthz'))).status).toBe(200);
    const refused = await simulation.run(ask('/readyz'));
    expect(refused.status).toBe(503);
    expect(refused.text).toContain('not ready: the store is away');
    fault = undefined;
    expect((await simulation.run(ask('/readyz'))).status).toBe(200);
  });

  it('that is stopped with time to spare answers what it was asked, and is not ready meanwhile', async () => {
    const { simulation, serving, ask } = await bench();
    const slow = ask('/slow');
    await simulation.advance(1_000);
    const stopping = serving.stop(60_000);
    expect((await simulation.run(ask('/readyz'))).status).toBe(503);
    const stoppedAt = stopping.then(() => simulation.now());
    expect(await simulation.run(slow)).toEqual({ status: 200, text: '{"done":true}' });
    expect((await simulation.run(stoppedAt)) - Date.UTC(2026, 0, 1)).toBeLessThan(6_000);
    await expect(simulation.run(ask('/healthz'))).rejects.toThrow();
  });

  it.each([0, 2_000])('that is stopped with %i ms to spare cuts what takes longer', async (graceMs) => {
    const { simulation, serving, ask } = await bench();
    const slow = ask('/slow');
    slow.catch(() => undefined);
    await simulation.advance(1_000);
    await simulation.run(serving.stop(graceMs));
    expect(simulation.now() - Date.UTC(2026, 0, 1)).toBeLessThan(1_000 + graceMs + 100);
    await expect(simulation.run(slow)).rejects.toThrow();
  });
});

describe('a service that browsers could reach', () => {
  async function asked(isClosedToPages: boolean) {
    const simulation = new Simulation({ seed: 7, startAt: Date.UTC(2026, 0, 1) });
    const routes = createRoutes();
    routes.all('/x', (context) => sendJson(context, { done: true }));
    const world = simulation.process('service');
    const hosts = ['service.fabric.svc'];
    await simulation.run(serve({ world, address: 'service:80', routes, hosts, isClosedToPages }));
    const dispatcher = simulation.process('client').network.dispatcher();
    return (path: string, method: 'GET' | 'POST', headers: Record<string, string>) => {
      const ask = async () => {
        const answer = await dispatcher.request({ origin: 'http://service', path, method, headers });
        const body = (await answer.body.json()) as { reason?: string };
        return [answer.statusCode, body.reason];
      };
      return simulation.run(ask());
    };
  }

  it('is asked under its own names, and probed under any', async () => {
    const ask = await asked(false);
    for (const host of ['service', 'service.fabric.svc:80', 'localhost']) {
      expect(await ask('/x', 'POST', { host })).toEqual([200, undefined]);
    }
    expect(await ask('/x', 'GET', { host: 'other' })).toEqual([403, 'foreign-host']);
    for (const path of ['/healthz', '/readyz'])
      expect(await ask(path, 'GET', { host: '10.1.2.3' })).toEqual([200, undefined]);
  });

  it('is closed to pages of other origins as far as it says', async () => {
    const page = { host: 'localhost', origin: 'http://evil.example' };
    for (const isClosed of [true, false]) {
      const ask = await asked(isClosed);
      expect(await ask('/x', 'POST', page)).toEqual([403, 'foreign-origin']);
      expect(await ask('/x', 'GET', page)).toEqual(isClosed ? [403, 'foreign-origin'] : [200, undefined]);
    }
  });
});
