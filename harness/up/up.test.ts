/** `orrery up` for tests in any language: ready file, control API, and nothing left behind. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunningUp } from './running-up.fixture.ts';

describe('orrery up', () => {
  let up: RunningUp;
  beforeAll(async () => {
    up = await RunningUp.start();
  });
  afterAll(() => up?.stop());

  const pod = { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox', command: ['sleep', '5'] }] };
  /** By its own client: the certificate is the run's. */
  const kubernetes = async (method: 'GET' | 'POST', path: string, body?: unknown) => {
    const { url, token } = up.endpoints.kubernetes;
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    return undiciFetch(`${url}${path}`, { method, headers, dispatcher, ...given });
  };
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
    [{ advance: 5 }, 400, 'must be a text'],
    [{ advance: '9000000000h' }, 400, 'beyond the year 9999'],
    [[], 400, 'JSON object'],
  ])('refuses %j on the clock', async (body, status, words) => {
    const answer = await post('/clock', body);
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { message: string }).message).toContain(words);
  });

  test.each([0, -1, 1e6 + 1, 1e12, null, '60', [60], true])('refuses the speed %j', async (speed) => {
    const answer = await post('/clock', { speed });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { message: string }).message).toContain('above 0, at most 1000000');
  });

  test('a speed holds at once: as fast as it can, with work done meanwhile, and at the wall’s again', async () => {
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'fast' }, spec: { template: { spec: pod } } };
    expect((await post('/clock', { speed: 1e6 })).status).toBe(200);
    expect((await kubernetes('POST', '/apis/batch/v1/namespaces/default/jobs', job)).status).toBe(201);
    const isDone = async () => {
      const answer = await kubernetes('GET', '/apis/batch/v1/namespaces/default/jobs/fast');
      return ((await answer.json()) as { status: { succeeded?: number } }).status.succeeded === 1;
    };
    await expect.poll(isDone, { timeout: 30_000 }).toBe(true);
    expect((await (await control('/clock')).json()) as object).toMatchObject({ speed: 1e6 });
    expect((await post('/clock', { advance: '10m' })).status).toBe(200);
    const slow = (await (await post('/clock', { speed: 1 })).json()) as { now: number; behind: number };
    expect(slow.behind).toBeLessThan(60_000);
    const begunAt = performance.now();
    const after = (await (await control('/clock')).json()) as { now: number };
    expect(after.now - slow.now).toBeLessThanOrEqual(performance.now() - begunAt + 1_000);
  });

  test('an advance whose client hangs up ends there, and others go on', async () => {
    const hangingUp = new AbortController();
    const given = { method: 'POST', body: JSON.stringify({ advance: '100000d' }), signal: hangingUp.signal };
    const endless = expect(control('/clock', given)).rejects.toThrow();
    const next = post('/clock', { advance: '1s' });
    hangingUp.abort();
    await endless;
    expect((await next).status).toBe(200);
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
    [{ kind: 'loss', probabilty: 0.1, side: 'request' }, 'did you mean probability?'],
  ])('refuses the fault %j', async (body, words) => {
    const answer = await post('/faults', body);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { message: string }).message).toContain(words);
  });

  test.each([
    [{ advance: '1h', forse: true }, 'forse is no field of the clock (did you mean force?)'],
    [{ advanse: '1h' }, 'did you mean advance?'],
    [{ speed: 1, force: 'yes' }, 'force must be true or false, not "yes"'],
  ])('refuses the clock’s change %j', async (body, words) => {
    const answer = await post('/clock', body);
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
