/** `orrery up` for tests in any language: ready file, control API, and nothing left behind. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunningUp } from './running-up.fixture.ts';

describe('orrery up', () => {
  let up: RunningUp;
  beforeAll(async () => {
    up = await RunningUp.start();
  });
  afterAll(() => up?.stop());

  const control = (path: string, init?: RequestInit) => fetch(`${up.endpoints.control.url}${path}`, init);
  const post = (path: string, body: unknown) => control(path, { method: 'POST', body: JSON.stringify(body) });

  test('serves the gateway', async () => {
    const answer = await fetch(`${up.endpoints.gateway.url}/fabric/v4/info`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toHaveProperty('serverTs');
  });

  test('advances the clock, answered when that time has passed', async () => {
    const before = (await (await control('/clock')).json()) as { now: number };
    const answer = await post('/clock', { advance: '1h' });
    expect(answer.status).toBe(200);
    const after = (await answer.json()) as { now: number };
    expect(after.now - before.now).toBeGreaterThanOrEqual(3_600_000);
    expect(after.now - before.now).toBeLessThan(3_700_000);
  });

  test.each([
    [{ advance: 'soon' }, 400, 'no duration'],
    [{ advance: '1h', speed: 2 }, 400, 'either'],
    [{ speed: 0 }, 400, 'above 0'],
    [[], 400, 'JSON object'],
  ])('refuses %j on the clock', async (body, status, words) => {
    const answer = await post('/clock', body);
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { message: string }).message).toContain(words);
  });

  test('injects a fault and heals it', async () => {
    const answer = await post('/faults', { kind: 'kill', service: 'gateway' });
    expect(answer.status).toBe(200);
    const { id } = (await answer.json()) as { id: number };
    await expect(fetch(`${up.endpoints.gateway.url}/fabric/v4/info`)).rejects.toThrow();
    expect((await control(`/faults/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect((await fetch(`${up.endpoints.gateway.url}/fabric/v4/info`)).status).toBe(200);
    expect(await (await control('/faults')).json()).toEqual({ faults: [] });
    expect((await control('/faults/99', { method: 'DELETE' })).status).toBe(404);
  });

  test('injects a fault of the Kubernetes API, for one caller alone, and heals it', async () => {
    const refused = { kind: 'requests-refused', caller: 'gateway', status: 429 };
    const answer = await post('/faults', refused);
    expect(answer.status).toBe(200);
    const { id, description } = (await answer.json()) as { id: number; description: string };
    expect(description).toBe('API to gateway: 100 % of requests answered 429');
    expect((await control(`/faults/${id}`, { method: 'DELETE' })).status).toBe(200);
    const events = (await (await control('/trace')).text()).split('\n').filter((line) => line.includes(description));
    expect(events.map((line) => (JSON.parse(line) as { change: string }).change)).toEqual(['injected', 'healed']);
  });

  test.each([
    [{ kind: 'storm' }, 'kind must be one of'],
    [{ kind: 'loss', probability: 2, side: 'request' }, 'probability must be a number from 0 to 1'],
  ])('refuses the fault %j', async (body, words) => {
    const answer = await post('/faults', body);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { message: string }).message).toContain(words);
  });

  test('gives the trace, an event a line', async () => {
    const text = await (await control('/trace')).text();
    const events = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events.some(({ type }) => type === 'request')).toBe(true);
    expect(events.some(({ type }) => type === 'fault' || type === 'process')).toBe(true);
  });

  test('names its routes to whoever asks for another', async () => {
    const answer = await control('/nothing');
    expect(answer.status).toBe(404);
    expect(((await answer.json()) as { message: string }).message).toContain('/clock');
  });
});

test('SIGINT ends orrery up with 0 and leaves nothing behind', async () => {
  const up = await RunningUp.start();
  const folder = dirname(up.endpoints.kubernetes.kubeconfig);
  expect(existsSync(folder)).toBe(true);
  expect(await up.interrupt()).toBe(0);
  expect(existsSync(folder)).toBe(false);
  expect(existsSync(up.readyFile)).toBe(false);
  await expect(fetch(up.endpoints.gateway.url)).rejects.toThrow();
  await up.stop();
});

test('a port that is taken is named, with the way out', async () => {
  const first = await RunningUp.start();
  const { port } = new URL(first.endpoints.kubernetes.url);
  await expect(RunningUp.start(['--port', port])).rejects.toThrow(
    new RegExp(`port ${port}, for kubernetes, is taken.*--port ${Number(port) + 100} .*--port 0`),
  );
  await first.stop();
});
