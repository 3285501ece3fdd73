/**
 * Names that every object of JavaScript has (`constructor`, `__proto__`) are names like any other, at every place of
 * every server.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench, type Server } from './bench.fixture.ts';

const words = ['constructor', '__proto__', 'toString', 'hasOwnProperty', '__defineGetter__', 'valueOf', 'prototype'];

/** An object with that member, `__proto__` included. */
const member = (name: string, value: unknown) => Object.fromEntries([[name, value]]);
/** Its text: what `JSON.stringify` writes of it. */
const text = (name: string, value: unknown) => JSON.stringify(member(name, value));

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
}, 60_000);
afterAll(() => bench.end());

const configMaps = '/api/v1/namespaces/default/configmaps';
let count = 0;
/** A config map of its own, and its path. */
async function configMap(more: object) {
  const name = `map-${++count}`;
  const { labels, annotations, ...rest } = more as { labels?: object; annotations?: object };
  const body = { metadata: { name, labels, annotations }, ...rest };
  const answer = await bench.ask('kubernetes', 'POST', configMaps, { body });
  return { path: `${configMaps}/${name}`, name, answer };
}

interface ReadMap {
  readonly data?: Record<string, string>;
  readonly metadata: { readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
}

describe.each(words)('%s', (word) => {
  const isLabel = !word.startsWith('_');

  it.each([
    ['kubernetes', `Bearer ${word}`, '/api', 401],
    ['kubernetes', `${word} x`, '/api', 401],
    ['gateway', `Bearer ${word}`, '/fabric/v4/projects/p/tasks', 200],
  ] as const)('is no token: %s %s', async (server, authorization, path, code) => {
    expect((await bench.ask(server, 'GET', path, { headers: { authorization } })).code).toBe(code);
  });

  it.each([
    ['kubernetes', 'GET', `/${word}`],
    ['kubernetes', 'GET', `/api/${word}`],
    ['kubernetes', 'GET', `/apis/${word}`],
    ['kubernetes', 'GET', `/apis/${word}/v1`],
    ['kubernetes', 'GET', `/apis/batch/${word}/jobs`],
    ['kubernetes', 'GET', `/api/v1/${word}`],
    ['kubernetes', 'GET', `/api/v1/namespaces/default/${word}`],
    ['kubernetes', 'GET', `/api/v1/namespaces/${word}/pods/${word}`],
    ['kubernetes', 'GET', `/api/v1/namespaces/default/pods/${word}`],
    ['kubernetes', 'GET', `/api/v1/namespaces/default/pods/${word}/${word}`],
    ['kubernetes', 'GET', `/api/v1/namespaces/default/pods/x/log?container=${word}`],
    ['kubernetes', 'DELETE', `/api/v1/namespaces/default/pods/${word}`],
    ['kubernetes', 'GET', `/openapi/v3/${word}`],
    ['gateway', 'GET', `/fabric/v4/projects/${word}/tasks/${word}`],
    ['gateway', 'DELETE', `/fabric/v4/projects/p/tasks/${word},${word}`],
    ['gateway', 'GET', `/fabric/v4/projects/p/tasks/${word}/logs`],
    ['gateway', 'GET', `/${word}`],
    ['gateway', 'GET', `/fabric/v4/projects/${word}/content/${word}/${word}`],
    ['content', 'GET', `/internal/logs/${word}/${word}`],
    ['content', 'GET', `/internal/logs/${word}/${word}/rows`],
    ['content', 'DELETE', `/fabric/v4/projects/${word}/content/${word}`],
    ['control', 'GET', `/${word}`],
    ['control', 'DELETE', `/faults/${word}`],
    ['node', 'GET', `/logs/pods/${word}_${word}_${word}/${word}/`],
    ['node', 'GET', `/containerLogs/${word}/${word}/${word}`],
  ] as const)('is nothing that is there: %s %s %s', async (server, method, path) => {
    expect((await bench.ask(server, method, path)).code).toBe(404);
  });

  it('is data, in each form of a write', async () => {
    // A qualified name begins with a letter or digit; the key of a map may begin with anything.
    const annotations = isLabel ? member(word, 'noted') : {};
    const { path, answer } = await configMap({ data: member(word, 'created'), annotations });
    expect([answer.code, answer.json<ReadMap>().data]).toEqual([201, member(word, 'created')]);
    const read = async () => (await bench.ask('kubernetes', 'GET', path)).json<ReadMap>();
    expect((await read()).metadata.annotations ?? {}).toEqual(annotations);

    const patches = [
      ['application/merge-patch+json', { data: member(word, 'merged') }, 'merged'],
      ['application/strategic-merge-patch+json', { data: member(word, 'strategic') }, 'strategic'],
      ['application/json-patch+json', [{ op: 'replace', path: `/data/${word}`, value: 'replaced' }], 'replaced'],
      ['application/json-patch+json', [{ op: 'remove', path: `/data/${word}` }], undefined],
      ['application/json-patch+json', [{ op: 'add', path: '/data', value: member(word, 'added') }], 'added'],
      ['application/json-patch+json', [{ op: 'copy', from: `/data/${word}`, path: '/data/other' }], 'added'],
      ['application/json-patch+json', [{ op: 'move', from: '/data/other', path: `/data/${word}` }], 'added'],
      ['application/json-patch+json', [{ op: 'test', path: `/data/${word}`, value: 'added' }], 'added'],
      ['application/merge-patch+json', { data: member(word, null) }, undefined],
    ] as const;
    for (const [type, body, value] of patches) {
      const patched = await bench.ask('kubernetes', 'PATCH', path, { headers: { 'content-type': type }, body });
      expect([type, patched.code, patched.text]).toEqual([type, 200, expect.any(String)]);
      const data = (await read()).data ?? {};
      expect(Object.hasOwn(data, word) ? data[word] : undefined).toBe(value);
    }
    const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: {}, data: member(word, 'applied') };
    const body = JSON.stringify({ ...applied, metadata: { name: path.split('/').at(-1) } });
    for (const sent of [body, `{"apiVersion": "v1", "kind": "ConfigMap", "data": {${word}: applied}}`]) {
      const type = { 'content-type': 'application/apply-patch+yaml' };
      const put = await bench.ask('kubernetes', 'PATCH', `${path}?fieldManager=${word}&force=true`, {
        headers: type,
        body: sent,
      });
      expect([put.code, put.text.slice(0, 200)]).toEqual([200, expect.any(String)]);
      expect((await read()).data).toEqual(member(word, 'applied'));
    }
    const yaml = `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${path.split('/').at(-1)}}, data: {${word}: yaml}}`;
    const put = await bench.ask('kubernetes', 'PUT', path, {
      headers: { 'content-type': 'application/yaml' },
      body: yaml,
    });
    expect([put.code, (await read()).data]).toEqual([200, member(word, 'yaml')]);
  });

  it('leads a JSON patch to nothing that is not there', async () => {
    const { path } = await configMap({ data: { a: 'b' } });
    const headers = { 'content-type': 'application/json-patch+json' };
    for (const operation of [
      { op: 'add', path: `/${word}/x`, value: 'y' },
      { op: 'replace', path: `/data/${word}/x`, value: 'y' },
      { op: 'remove', path: `/data/${word}` },
      { op: 'test', path: `/data/${word}`, value: {} },
      { op: 'move', from: `/${word}`, path: '/data/x' },
      { op: word, path: '/data/x' },
    ]) {
      const answer = await bench.ask('kubernetes', 'PATCH', path, { headers, body: [operation] });
      expect([operation, answer.code]).toEqual([operation, 422]);
    }
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it('is a label that objects have or have not', async () => {
    if (!isLabel) return;
    const { name } = await configMap({ labels: member(word, 'v') });
    const namesBy = async (selector: string) => {
      const answer = await bench.ask(
        'kubernetes',
        'GET',
        `${configMaps}?labelSelector=${encodeURIComponent(selector)}`,
      );
      const items = answer.json<{ items: { metadata: { name: string } }[] }>().items;
      return items.map(({ metadata }) => metadata.name).filter((each) => each.startsWith('map-'));
    };
    expect(await namesBy(word)).toEqual([name]);
    expect(await namesBy(`${word}=v`)).toEqual([name]);
    expect(await namesBy(`${word} in (v,w)`)).toEqual([name]);
    expect(await namesBy(`!${word}`)).not.toContain(name);
    expect(await namesBy(`${word}!=v`)).not.toContain(name);
  });

  it.each([
    ['GET', `${configMaps}?fieldSelector=${word}%3Dx`, 400],
    ['GET', `${configMaps}?fieldSelector=metadata.${word}%3Dx`, 400],
    ['GET', `${configMaps}?${word}=${word}`, 200],
    ['GET', `${configMaps}?resourceVersion=${word}`, 400],
    ['GET', `${configMaps}?resourceVersionMatch=${word}`, 422],
    ['GET', `${configMaps}?continue=${word}`, 400],
    ['POST', `${configMaps}?dryRun=${word}`, 422],
    ['POST', `${configMaps}?fieldValidation=${word}`, 422],
  ] as const)('is no parameter: %s %s', async (method, path, code) => {
    const sent = method === 'POST' ? { body: { metadata: { name: 'never' } } } : {};
    expect((await bench.ask('kubernetes', method, path, sent)).code).toBe(code);
  });

  it.each([
    ['content-type', 415],
    ['accept', 406],
  ])('is no form: %s', async (header, code) => {
    const body = { metadata: { name: 'never' } };
    for (const value of [word, `application/${word}`]) {
      const answer = await bench.ask('kubernetes', 'POST', configMaps, { headers: { [header]: value }, body });
      expect([value, answer.code]).toEqual([value, code]);
    }
    const as = { accept: `application/json;as=${word};v=v1;g=meta.k8s.io` };
    expect((await bench.ask('kubernetes', 'GET', configMaps, { headers: as })).code).toBe(406);
  });

  it('is an unknown field, which a warning names', async () => {
    const body = `{"metadata": {"name": "unknown-${++count}"}, ${text(word, 1).slice(1, -1)}}`;
    const answer = await bench.ask('kubernetes', 'POST', configMaps, { body });
    expect([answer.code, [answer.headers.warning].flat()]).toEqual([201, [`299 - "unknown field \\"${word}\\""`]]);
    const strict = await bench.ask('kubernetes', 'POST', `${configMaps}?fieldValidation=Strict`, { body });
    expect([strict.code, strict.text]).toEqual([400, expect.stringContaining(word)]);
  });

  it('is no kind, version or group of an object', async () => {
    for (const more of [{ kind: word }, { apiVersion: word }, { apiVersion: `${word}/v1` }]) {
      const body = { metadata: { name: 'never' }, ...more };
      expect((await bench.ask('kubernetes', 'POST', configMaps, { body })).code).toBe(400);
    }
  });

  it('keeps its quantity, selector and variable in a pod', async () => {
    const name = `pod-${++count}`;
    const container = { name: 'main', image: word, env: [{ name: word, value: `$(${word})` }] };
    const labels = isLabel ? { metadata: { name, labels: member(word, 'x') } } : { metadata: { name } };
    const body = { ...labels, spec: { containers: [container], nodeSelector: isLabel ? member(word, 'x') : {} } };
    const made = await bench.ask('kubernetes', 'POST', '/api/v1/namespaces/default/pods', { body });
    expect([made.code, made.text.slice(0, 300)]).toEqual([201, expect.any(String)]);
    await bench.simulation.advance(3_000);
    const pod = await bench.ask('kubernetes', 'GET', `/api/v1/namespaces/default/pods/${name}`);
    const { status } = pod.json<{ status: { phase: string; conditions: { reason?: string }[] } }>();
    expect(status.phase).toBe('Pending');
    // No node has that label.
    if (isLabel) expect(status.conditions).toContainEqual(expect.objectContaining({ reason: 'Unschedulable' }));
    const limits = { resources: { limits: member(word, '1'), requests: {} } };
    const refused = { metadata: { name: 'never' }, spec: { containers: [{ ...container, ...limits }] } };
    const answer = await bench.ask('kubernetes', 'POST', '/api/v1/namespaces/default/pods', { body: refused });
    expect(answer.code).toBe(422);
  });

  it.each([
    [member(word, 1)],
    [{ name: member(word, 1) }],
    [{ name: member(`$${word}`, 1) }],
    [{ name: { $not: member(word, 1) } }],
    [member(`$${word}`, [{}])],
    [{ $and: [member(word, 1)] }],
  ])('is no field and no operator of a filter: %j', async (filter) => {
    const query = new URLSearchParams({ filter: JSON.stringify(filter) });
    const answer = await bench.ask('gateway', 'GET', `/fabric/v4/projects/p/tasks?${query}`);
    expect([answer.code, answer.text]).toEqual([400, expect.stringContaining('filter')]);
    const scheduled = await bench.ask('gateway', 'GET', `/fabric/v4/projects/p/tasks?scheduled=true&${query}`);
    expect(scheduled.code).toBe(400);
  });

  it('is no field to sort by, and no state that anything is in', async () => {
    const list = '/fabric/v4/projects/p/tasks';
    const sort = encodeURIComponent(text(word, 1));
    expect((await bench.ask('gateway', 'GET', `${list}?sort=${sort}`)).code).toBe(400);
    expect((await bench.ask('gateway', 'GET', `${list}?sort=${word}`)).code).toBe(400);
    for (const name of ['state', 'type', 'agentName', word]) {
      expect((await bench.ask('gateway', 'GET', `${list}?${name}=${word}`)).code).toBe(200);
    }
  });

  it.each([
    ['/faults', { kind: word }],
    ['/faults', { kind: 'kill', service: word }],
    ['/faults', { kind: 'loss', probability: 1, side: word }],
    ['/faults', { kind: 'requests-refused', status: 429, verb: word }],
    ['/clock', member(word, '1h')],
    ['/clock', { advance: word }],
    ['/clock', { speed: word }],
  ])('is no wish of the control API: %s %j', async (path, body) => {
    expect((await bench.ask('control', 'POST', path, { body })).code).toBe(400);
  });

  it('is kept in the environment, payload and record of a task', async () => {
    const name = `task-${++count}`;
    const environment = member(word, 'x');
    const spec = { skillName: 's', actionName: 'a', image: 'i', environment, payload: member(word, 'y') };
    const made = await bench.ask('gateway', 'POST', '/fabric/v4/projects/p/tasks', { body: { name, ...spec } });
    expect([made.code, made.text]).toEqual([200, expect.any(String)]);
    const { taskName } = made.json<{ taskName: string }>();
    const described = await bench.ask('gateway', 'GET', `/fabric/v4/projects/p/tasks/${taskName}?k8s=true`);
    const { k8sResource } = described.json<{ k8sResource: { spec: { environment: unknown; payload: string } } }>();
    expect(k8sResource.spec.environment).toEqual(environment);
    expect(JSON.parse(k8sResource.spec.payload)).toEqual(member(word, 'y'));
  });

  it('is a key of managed content', async () => {
    // A project's name is a label's value, and does not begin with `_`.
    const project = word.startsWith('_') ? 'p' : word;
    const path = `/fabric/v4/projects/${project}/content/${word}/${word}`;
    expect((await bench.ask('gateway', 'POST', path, { body: word })).code).toBe(200);
    expect((await bench.ask('gateway', 'GET', path)).text).toBe(word);
    const headers = { 'x-content-ttl': word };
    expect((await bench.ask('gateway', 'POST', path, { headers, body: word })).code).toBe(400);
  });

  it('is a header that nobody reads', async () => {
    for (const server of ['kubernetes', 'gateway', 'content', 'control'] satisfies Server[]) {
      const path = { kubernetes: '/api', gateway: '/fabric/v4/info', content: '/healthz', control: '/clock' }[server];
      expect((await bench.ask(server, 'GET', path, { headers: Object.fromEntries([[word, 'x']]) })).code).toBe(200);
    }
  });
});

it('nothing of it changed what every object has', () => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(12);
});
