/** What each fault looks like on the wire, whom it hits, and that it leaves no trace where it is not injected. */
import { describe, expect, test } from 'vitest';
import type { ConfigMap, WatchEvent } from '../../../kubernetes/objects.ts';
import { configMaps } from '../../../kubernetes/resources.ts';
import { start } from '../http/api.fixture.ts';
import { NotListeningError } from '../http/server-front.ts';
import { ApiServer } from '../server.ts';
import { careful } from './careful.fixture.ts';
import { type ApiFault, describeApiFault } from './fault.ts';
import { playShop } from './shop.fixture.ts';

const path = '/api/v1/namespaces/default/configmaps';
const map = (name: string, version?: string) => ({
  metadata: { name, ...(version === undefined ? {} : { resourceVersion: version }) },
  data: { version: version ?? '' },
});

async function begin() {
  const rig = await start();
  const created = await rig.send('POST', path, { body: map('a') });
  const version = versionOf(created.json.metadata);
  return { ...rig, version, names: async (query = '') => namesOf((await rig.send('GET', path + query)).json.items) };
}

const versionOf = (metadata: unknown) => (metadata as { resourceVersion: string }).resourceVersion;
const namesOf = (items: readonly unknown[] = []) =>
  items.map((item) => (item as ConfigMap).metadata?.name).filter((name) => name !== 'kube-root-ca.crt');

describe('a write that comes second', () => {
  test('is refused like every write of an older version; made anew from the newer one it passes', async () => {
    const { server, send, version } = await begin();
    const fault = server.faults.inject({ kind: 'write-conflicts', probability: 1 });
    const refused = await send('PUT', `${path}/a`, { body: map('a', version) });
    expect(refused).toMatchObject({ code: 409, json: { reason: 'Conflict' } });
    expect(refused.json.message).toContain('the object has been modified');
    fault.heal();
    const newer = versionOf((await send('GET', `${path}/a`)).json.metadata);
    expect(Number(newer)).toBeGreaterThan(Number(version));
    expect((await send('PUT', `${path}/a`, { body: map('a', newer) })).code).toBe(200);
  });

  test('loses a patch and a deletion with that version as well; a PUT without a version wins', async () => {
    const { server, send, version } = await begin();
    server.faults.inject({ kind: 'write-conflicts', probability: 1 });
    const headers = { 'content-type': 'application/merge-patch+json' };
    expect((await send('PATCH', `${path}/a`, { headers, body: { data: { x: '1' } } })).code).toBe(409);
    const preconditions = { resourceVersion: version };
    const body = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions };
    expect((await send('DELETE', `${path}/a`, { body })).code).toBe(409);
    expect((await send('PUT', `${path}/a`, { body: map('a') })).code).toBe(200);
  });
});

describe('a request that is refused', () => {
  test('carries Retry-After in header and body, and nothing has happened', async () => {
    const { server, send, names } = await begin();
    const fault = server.faults.inject({
      kind: 'requests-refused',
      status: 429,
      probability: 1,
      retryAfterSeconds: 7,
      verb: 'write',
    });
    const { code, headers, json } = await send('POST', path, { body: map('b') });
    expect([code, headers.get('retry-after'), json.reason]).toEqual([429, '7', 'TooManyRequests']);
    expect(await names()).toEqual(['a']);
    fault.heal();
    expect((await send('POST', path, { body: map('b') })).code).toBe(201);
  });
});

describe('an answer that is lost', () => {
  test.each([
    ['error', 500],
    ['timeout', 504],
  ] as const)('as %s is %i, and the write is committed', async (how, code) => {
    const { server, send, names } = await begin();
    server.faults.inject({ kind: 'answers-lost', probability: 1, how });
    expect((await send('POST', path, { body: map('b') })).code).toBe(code);
    expect(await names()).toEqual(['a', 'b']);
  });

  test('as reset breaks the connection; a refusal is not lost, since nothing was committed', async () => {
    const { server, send, names } = await begin();
    server.faults.inject({ kind: 'answers-lost', probability: 1, how: 'reset' });
    await expect(send('POST', path, { body: map('b') })).rejects.toThrow();
    expect(await names()).toEqual(['a', 'b']);
    expect((await send('POST', path, { body: map('b') })).code).toBe(409);
  });
});

describe('stale reads', () => {
  const fault: ApiFault = { kind: 'stale-reads', minimumMs: 2000, maximumMs: 2000 };

  test('show an older state where the request allows it, and there alone', async () => {
    const { simulation, server, send, names } = await begin();
    await simulation.advance(10_000);
    await send('POST', path, { body: map('b') });
    const healing = server.faults.inject(fault);
    expect(await names()).toEqual(['a', 'b']);
    expect(await names('?resourceVersion=0')).toEqual(['a']);
    expect((await send('GET', `${path}/b`)).code).toBe(200);
    expect((await send('GET', `${path}/b?resourceVersion=0`)).code).toBe(404);
    await simulation.advance(2000);
    expect(await names('?resourceVersion=0')).toEqual(['a', 'b']);
    healing.heal();
  });

  test('of all kinds show it everywhere', async () => {
    const { simulation, server, send, names } = await begin();
    await simulation.advance(10_000);
    await send('DELETE', `${path}/a`);
    server.faults.inject({ ...fault, reads: 'all' });
    expect(await names()).toEqual(['a']);
    expect((await send('GET', `${path}/a`)).code).toBe(200);
  });

  test('wait for the version that they must not be older than, and give up after three seconds', async () => {
    const { simulation, server, send, names } = await begin();
    await simulation.advance(10_000);
    const version = versionOf((await send('POST', path, { body: map('b') })).json.metadata);
    const near = server.faults.inject(fault);
    const before = simulation.now();
    expect(await names(`?resourceVersion=${version}`)).toEqual(['a', 'b']);
    expect(simulation.now() - before).toBeGreaterThanOrEqual(1900);
    near.heal();
    server.faults.inject({ ...fault, minimumMs: 60_000, maximumMs: 60_000 });
    const late = await send('GET', `${path}?resourceVersion=${version}`);
    expect(late).toMatchObject({ code: 504, json: { reason: 'Timeout' } });
    expect(late.json.message).toContain('Too large resource version');
  });
});

describe('a restart', () => {
  test('refuses connections, then serves the same state and calls older versions too old', async () => {
    const { simulation, server, send } = await start();
    await server.listen('kubernetes:81');
    const created = await send('POST', path, { body: map('a') });
    const version = versionOf(created.json.metadata);
    await send('POST', path, { body: map('b') });
    const at = (suffix: string) =>
      simulation.run(simulation.process('other').network.fetch(`http://kubernetes:81${path}${suffix}`, { headers }));
    const headers = { authorization: 'Bearer admin' };
    server.faults.inject({ kind: 'api-restart', downMs: 5000 });
    await expect(at('/a')).rejects.toThrow();
    await simulation.advance(5000);
    expect((await at('/b')).status).toBe(200);
    const watch = await at(`?watch=true&resourceVersion=${version}&timeoutSeconds=5`);
    expect(await simulation.run(watch.text())).toContain('"code":410');
    const exact = await at(`?resourceVersion=${version}&resourceVersionMatch=Exact`);
    expect(namesOf(((await simulation.run(exact.json())) as { items: unknown[] }).items)).toEqual(['a']);
  });

  test('healed before its time ends at once', async () => {
    const { simulation, server } = await start();
    await server.listen('kubernetes:81');
    const restart = server.faults.inject({ kind: 'api-restart', downMs: 3_600_000 });
    restart.heal();
    const health = simulation.process('other').network.fetch('http://kubernetes:81/healthz');
    expect((await simulation.run(health)).status).toBe(200);
  });

  test('of a server that others listen for is refused', async () => {
    const { simulation } = await start();
    const server = new ApiServer({ world: simulation.process('another') });
    expect(() => server.faults.inject({ kind: 'api-restart', downMs: 1 })).toThrow(NotListeningError);
  });
});

describe('a fault is narrowed', () => {
  const refusal = { kind: 'requests-refused', status: 503, probability: 1 } as const;
  const kubectl = { headers: { 'user-agent': 'kubectl/v1.36.3 (linux/amd64)' } };

  test.each<[string, object, readonly number[]]>([
    ['caller by the program in User-Agent', { caller: 'kubectl' }, [503, 200, 200]],
    ['caller by the process', { caller: 'operator' }, [200, 503, 200]],
    ['verb', { verb: 'list' }, [200, 200, 200]],
    ['resource', { resource: 'configmaps' }, [503, 503, 503]],
    ['resource that is another one', { resource: 'jobs.batch' }, [200, 200, 200]],
    ['namespace', { namespace: 'elsewhere' }, [200, 200, 200]],
    ['nothing', {}, [503, 503, 503]],
  ])('by %s', async (_, target, codes) => {
    const { server, send } = await begin();
    server.faults.inject({ ...refusal, ...target });
    const callers = [kubectl, { headers: { 'user-agent': 'orrery-operator' } }, {}];
    const answers: number[] = [];
    for (const caller of callers) answers.push((await send('GET', `${path}/a`, caller)).code);
    expect(answers).toEqual(codes);
  });

  test('and hits controllers in the server’s process by their name alone', async () => {
    const { simulation, server } = await begin();
    const client = server.client('job-controller');
    const read = () =>
      simulation.run(
        client.get(configMaps, 'default', 'a').then(
          () => 200,
          ({ code }) => code,
        ),
      );
    server.faults.inject(refusal);
    expect(await read()).toBe(200);
    server.faults.inject({ ...refusal, caller: 'job-controller' });
    expect(await read()).toBe(503);
  });

  test('one namespace’s events are lost to a watch over all', async () => {
    const { simulation, server, send } = await begin();
    await send('POST', '/api/v1/namespaces', { body: { metadata: { name: 'other' } } });
    const client = server.client('watcher');
    const seen: string[] = [];
    const note = ({ object }: WatchEvent<ConfigMap>) => seen.push(object.metadata?.namespace ?? '');
    await simulation.run(client.watch<ConfigMap>(configMaps, {}, note));
    await simulation.advance(10);
    seen.length = 0;
    server.faults.inject({ kind: 'watch-events-lost', caller: 'watcher', namespace: 'other', probability: 1 });
    for (const namespace of ['other', 'default']) {
      await send('POST', `/api/v1/namespaces/${namespace}/configmaps`, { body: map('z') });
    }
    await simulation.advance(1000);
    expect(seen).toEqual(['default']);
  });
});

describe('the trace', () => {
  test('of the same seed and faults is the same, of another seed another', async () => {
    const faults: ApiFault[] = [
      { kind: 'watch-lag', minimumMs: 0, maximumMs: 3000 },
      { kind: 'requests-refused', status: 429, probability: 0.3, retryAfterSeconds: 1 },
    ];
    const hash = async (seed: number) => (await playShop({ controller: careful, seed, faults })).traceHash;
    expect(await hash(1)).toBe(await hash(1));
    expect(await hash(2)).not.toBe(await hash(1));
  });

  test('is untouched by faults that hit nobody', async () => {
    const nobody: ApiFault[] = [
      { kind: 'watch-lag', caller: 'nobody', minimumMs: 1, maximumMs: 3000 },
      { kind: 'watch-cut', caller: 'nobody', minimumMs: 1, maximumMs: 3000, how: 'reset' },
      { kind: 'requests-refused', caller: 'nobody', status: 429, probability: 1 },
      { kind: 'answers-lost', caller: 'nobody', probability: 1, how: 'reset' },
      { kind: 'write-conflicts', caller: 'nobody', probability: 1 },
      { kind: 'stale-reads', caller: 'nobody', minimumMs: 1, maximumMs: 3000, reads: 'all' },
    ];
    const played = async (faults: readonly ApiFault[]) => playShop({ controller: careful, seed: 4, faults });
    expect((await played(nobody)).traceHash).toBe((await played([])).traceHash);
  });
});

test('a fault says in words whom it hits and how', () => {
  const fault: ApiFault = {
    kind: 'requests-refused',
    caller: 'operator',
    verb: 'create',
    resource: 'jobs.batch',
    namespace: 'fabric',
    status: 429,
    probability: 0.25,
    retryAfterSeconds: 2,
  };
  expect(describeApiFault(fault)).toBe(
    'API to operator create jobs.batch in fabric: 25 % of requests answered 429, retry after 2 s',
  );
});
