import { describe, expect, test } from 'vitest';
import { start } from './api.fixture.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const podsPath = '/api/v1/namespaces/default/pods';
const map = (name: string, extra: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  ...extra,
});
const pod = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { containers: [{ name: 'main', image: 'actor' }], ...spec },
});

describe('what nothing serves', () => {
  test.each([
    ['GET', '/nowhere', 404, undefined],
    ['GET', '/apis/nobody.dev/v1', 404, undefined],
    ['GET', '/apis/batch/v1/things', 404, 'NotFound'],
    ['GET', '/apis/batch/v2', 404, 'NotFound'],
    ['GET', '/apis/batch/v1/jobs/name', 404, 'NotFound'],
    ['GET', '/apis/batch/v1/namespaces/default/jobs/j/scale', 404, 'NotFound'],
    ['POST', '/apis/batch/v1/jobs', 405, 'MethodNotAllowed'],
    ['PUT', '/apis/batch/v1/namespaces/default/jobs', 405, 'MethodNotAllowed'],
  ])('%s %s is answered with %d', async (method, path, code, reason) => {
    const { send } = await start();
    const answer = await send(method, path, method === 'GET' ? {} : { body: {} });
    expect(answer.code).toBe(code);
    expect(answer.json.reason).toBe(reason);
    if (reason === undefined) expect(answer.text).toBe('404 page not found\n');
  });
});

describe('who calls', () => {
  test('nobody is forbidden, a wrong token is unauthorized, health is for all', async () => {
    const { send } = await start();
    const anonymous = await send('GET', podsPath, { token: '' });
    expect(anonymous.json).toMatchObject({
      code: 403,
      message:
        'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "default"',
    });
    expect((await send('GET', podsPath, { token: 'wrong' })).json).toMatchObject({
      code: 401,
      message: 'Unauthorized',
    });
    expect((await send('GET', '/readyz', { token: '' })).text).toBe('ok');
  });

  test('a role binding allows what its role says, and no other verb or subresource', async () => {
    const { send } = await start();
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
    const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }];
    await send('POST', `${rbac}/roles`, { body: { metadata: { name: 'reader' }, rules } });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' };
    const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'weak' }];
    await send('POST', `${rbac}/rolebindings`, { body: { metadata: { name: 'reads' }, roleRef, subjects } });
    const as = async (method: string, path: string) => (await send(method, path, { token: 'weak' })).code;
    expect(await as('GET', podsPath)).toBe(200);
    expect(await as('GET', `${podsPath}/x`)).toBe(404);
    expect(await as('GET', `${podsPath}/x/log`)).toBe(403);
    expect(await as('DELETE', `${podsPath}/x`)).toBe(403);
    expect(await as('GET', '/api/v1/pods')).toBe(403);
  });

  test('who may impersonate is answered as the other, who may not is refused', async () => {
    const { send } = await start();
    const list = async (headers: Record<string, string>, token?: string) =>
      (await send('GET', podsPath, { headers, ...(token === undefined ? {} : { token }) })).json;
    const account = { 'impersonate-user': 'system:serviceaccount:ns:operator' };
    expect(await list(account)).toMatchObject({
      code: 403,
      message: expect.stringContaining('"system:serviceaccount:ns:operator" cannot list'),
    });
    expect(await list({ 'impersonate-user': 'u', 'impersonate-group': 'a, system:masters' })).toMatchObject({
      kind: 'PodList',
    });
    expect(await list(account, 'weak')).toMatchObject({
      code: 403,
      message:
        'serviceaccounts "operator" is forbidden: User "weak" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "ns"',
    });
    expect(await list({ 'impersonate-group': 'g' })).toMatchObject({ code: 400 });
  });

  test('a service account is known by the token that was issued for it', async () => {
    const { send, simulation } = await start();
    await simulation.advance(1000);
    const path = '/api/v1/namespaces/default/serviceaccounts/default/token';
    const issued = await send('POST', path, { body: { spec: { expirationSeconds: 600 } } });
    const { token } = issued.json.status as { token: string };
    const asked = await send('GET', podsPath, { token });
    expect(asked.json.message).toContain('User "system:serviceaccount:default:default" cannot list');
    await simulation.advance(601_000);
    expect((await send('GET', podsPath, { token })).code).toBe(401);
  });
});

test('who creates what no controller acts upon is warned', async () => {
  const { send } = await start({ storedOnly: ['/ConfigMap'] });
  const warned = await send('POST', configMaps, { body: map('a') });
  expect(warned.code).toBe(201);
  expect(warned.headers.get('warning')).toContain('configmaps are stored here and nothing more');
  expect((await send('POST', podsPath, { body: pod('a') })).headers.get('warning')).toBeNull();
});

describe('forms of bodies and answers', () => {
  test('YAML goes in and comes out', async () => {
    const { send } = await start();
    const body = 'kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: y\ndata:\n  a: "1"\n';
    const headers = { 'content-type': 'application/yaml', accept: 'application/yaml' };
    const made = await send('POST', configMaps, { body, headers });
    expect(made.code).toBe(201);
    expect(made.text).toContain('data:\n  a: "1"\n');
  });

  test('what is neither is refused with 415, an answer that nobody has with 406, too much with 413', async () => {
    const { send } = await start();
    const text = { 'content-type': 'text/plain' };
    expect((await send('POST', configMaps, { body: 'k8s', headers: text })).code).toBe(415);
    const protobuf = { 'content-type': 'application/vnd.kubernetes.protobuf' };
    expect((await send('POST', configMaps, { body: 'k8s', headers: protobuf })).code).toBe(400);
    expect((await send('GET', configMaps, { headers: { accept: 'text/html' } })).code).toBe(406);
    const large = await send('POST', configMaps, { body: 'x'.repeat(3 * 1024 * 1024 + 1) });
    expect(large.json).toMatchObject({ code: 413, reason: 'RequestEntityTooLarge' });
  });

  test('a table has columns and rows, and metadata in each', async () => {
    const { send } = await start();
    await send('POST', podsPath, { body: pod('p') });
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const { json } = await send('GET', podsPath, { headers: { accept } });
    expect(json).toMatchObject({
      kind: 'Table',
      rows: [{ cells: expect.arrayContaining(['p', '0/1', 'Pending']), object: { kind: 'PartialObjectMetadata' } }],
    });
  });

  test('items of a list carry no type, and metadata clients get metadata alone', async () => {
    const { send } = await start();
    await send('POST', podsPath, { body: pod('p') });
    const list = await send('GET', podsPath);
    expect(list.json).toMatchObject({ kind: 'PodList', items: [{ metadata: { name: 'p' } }] });
    expect(list.json.items?.[0]).not.toHaveProperty('kind');
    const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
    const partial = await send('GET', podsPath, { headers: { accept } });
    expect(partial.json.kind).toBe('PartialObjectMetadataList');
    expect(partial.json.items?.[0]).not.toHaveProperty('spec');
  });

  test('an unknown field is refused, warned of or passed over, as the client wishes, and never stored', async () => {
    const { send } = await start();
    const body = pod('p', { bogus: 1 });
    const strict = await send('POST', `${podsPath}?fieldValidation=Strict`, { body });
    expect(strict.code).toBe(400);
    expect(strict.json.message).toContain('strict decoding error: unknown field "spec.bogus"');
    const warned = await send('POST', `${podsPath}?dryRun=All`, { body });
    expect(warned.headers.get('warning')).toBe('299 - "unknown field \\"spec.bogus\\""');
    const ignored = await send('POST', `${podsPath}?fieldValidation=Ignore`, { body });
    expect(ignored.headers.get('warning')).toBeNull();
    expect(ignored.json.spec).not.toHaveProperty('bogus');
  });

  test('a dry run answers as usual and stores nothing', async () => {
    const { send } = await start();
    expect((await send('POST', `${configMaps}?dryRun=All`, { body: map('a') })).code).toBe(201);
    expect((await send('GET', `${configMaps}/a`)).code).toBe(404);
    await send('POST', configMaps, { body: map('a') });
    expect((await send('DELETE', `${configMaps}/a?dryRun=All`)).code).toBe(200);
    expect((await send('GET', `${configMaps}/a`)).code).toBe(200);
  });
});

describe('discovery', () => {
  test('is one document for those who ask so, and many plain ones for the rest', async () => {
    const { send } = await start();
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const { json, headers } = await send('GET', '/apis', { headers: { accept } });
    expect(headers.get('content-type')).toContain('as=APIGroupDiscoveryList');
    const items = json.items as { metadata: { name: string }; versions: { resources: { resource: string }[] }[] }[];
    const batch = items.find((each) => each.metadata.name === 'batch');
    expect(batch?.versions[0]?.resources.map((each) => each.resource)).toEqual(['cronjobs', 'jobs']);
    expect((await send('GET', '/apis')).json.kind).toBe('APIGroupList');
    const plain = await send('GET', '/apis/batch/v1');
    expect((plain.json.resources as { name: string }[]).map((each) => each.name)).toContain('cronjobs/status');
  });

  test('OpenAPI documents tell kubectl that a PATCH validates fields', async () => {
    const { send } = await start();
    const index = await send('GET', '/openapi/v3');
    const places = index.json.paths as Record<string, { serverRelativeURL: string }>;
    const document = await send('GET', places['apis/batch/v1']?.serverRelativeURL ?? '');
    const paths = document.json.paths as Record<string, { patch: Record<string, unknown> }>;
    const { patch } = paths['/apis/batch/v1/namespaces/{namespace}/jobs/{name}'] ?? {};
    expect(patch?.['x-kubernetes-group-version-kind']).toEqual({ group: 'batch', kind: 'Job', version: 'v1' });
    expect(patch?.parameters).toContainEqual(expect.objectContaining({ name: 'fieldValidation', in: 'query' }));
  });
});

describe('a watch over HTTP', () => {
  interface Line {
    readonly type: string;
    readonly object: { kind: string; code?: number; metadata: { name?: string; annotations?: Record<string, string> } };
  }

  const linesOf = (text: string) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);

  test('ends cleanly at its time, with a bookmark shortly before', async () => {
    const { send } = await start();
    const { text, code } = await send('GET', '/api/v1/secrets?watch=1&timeoutSeconds=10&allowWatchBookmarks=true');
    expect(code).toBe(200);
    expect(linesOf(text).map((line) => line.type)).toEqual(['BOOKMARK']);
  });

  test('marks the end of the initial events when asked to send them', async () => {
    const { send } = await start();
    await send('POST', configMaps, { body: map('a') });
    const query =
      'watch=1&timeoutSeconds=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const lines = linesOf((await send('GET', `${configMaps}?${query}&fieldSelector=metadata.name%3Da`)).text);
    expect(lines.map((line) => line.type)).toEqual(['ADDED', 'BOOKMARK']);
    expect(lines[1]?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    expect((await send('GET', `${configMaps}?watch=1&sendInitialEvents=true`)).code).toBe(422);
  });

  test('from a forgotten version is one ERROR of 410 with status 200, from no number 500', async () => {
    const { send } = await start();
    const { text, code } = await send('GET', `${configMaps}?watch=1&resourceVersion=1`);
    expect(code).toBe(200);
    expect(linesOf(text)).toMatchObject([{ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }]);
    expect((await send('GET', `${configMaps}?watch=1&resourceVersion=x`)).code).toBe(500);
  });

  test('has an old form of path, for one object too', async () => {
    const { send } = await start();
    await send('POST', configMaps, { body: map('a') });
    await send('POST', configMaps, { body: map('b') });
    const { text } = await send('GET', '/api/v1/watch/namespaces/default/configmaps/a?timeoutSeconds=1');
    expect(linesOf(text).map((line) => line.object.metadata.name)).toEqual(['a']);
  });
});

describe('a pod', () => {
  async function onNode() {
    const started = await start();
    const { send, simulation } = started;
    const node = {
      metadata: { name: 'node' },
      status: {
        addresses: [{ type: 'InternalIP', address: 'agent' }],
        daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      },
    };
    await send('POST', '/api/v1/nodes', { body: node });
    await send('PUT', '/api/v1/nodes/node/status', { body: node });
    await send('POST', podsPath, { body: pod('p') });
    const binding = { metadata: { name: 'p' }, target: { kind: 'Node', name: 'node' } };
    const bind = () => send('POST', `${podsPath}/p/binding`, { body: binding });
    const asked: string[] = [];
    await simulation.process('agent').network.listen('agent:10250', (request, response) => {
      asked.push(request.url);
      const isMissing = request.url.includes('previous');
      response.head(isMissing ? 400 : 200, {});
      response.end(isMissing ? 'previous terminated container "main" in pod "p" not found' : 'line one\nline two\n');
    });
    return { ...started, bind, asked };
  }

  test('is bound once', async () => {
    const { send, bind } = await onNode();
    expect((await bind()).json).toMatchObject({ kind: 'Status', status: 'Success', code: 201 });
    const bound = await send('GET', `${podsPath}/p`);
    expect(bound.json).toMatchObject({
      spec: { nodeName: 'node' },
      status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
    });
    expect((await bind()).json).toMatchObject({ code: 409, reason: 'Conflict' });
  });

  test('has a log that comes from its node, and none before it is on one', async () => {
    const { send, bind, asked } = await onNode();
    expect(await send('GET', `${podsPath}/p/log`)).toMatchObject({ code: 204, text: '' });
    await bind();
    expect((await send('GET', `${podsPath}/p/log?tailLines=2&timestamps=true`)).text).toBe('line one\nline two\n');
    expect(asked).toEqual(['/containerLogs/default/p/main?timestamps=true&tailLines=2']);
    const previous = await send('GET', `${podsPath}/p/log?previous=true`);
    expect(previous.json).toMatchObject({ code: 400, message: expect.stringContaining('not found') });
  });

  test('refuses log options that make no sense', async () => {
    const { send } = await onNode();
    expect((await send('GET', `${podsPath}/p/log?container=x`)).json.message).toBe(
      'container x is not valid for pod p',
    );
    expect((await send('GET', `${podsPath}/p/log?tailLines=-1&limitBytes=0`)).json).toMatchObject({
      code: 422,
      details: { kind: 'PodLogOptions', causes: [{ field: 'tailLines' }, { field: 'limitBytes' }] },
    });
  });

  test('is deleted by an eviction, with its grace', async () => {
    const { send, bind } = await onNode();
    await bind();
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p' } };
    expect((await send('POST', `${podsPath}/p/eviction`, { body })).code).toBe(201);
    const leaving = await send('GET', `${podsPath}/p`);
    expect(leaving.json.metadata).toHaveProperty('deletionTimestamp', '2026-01-01T00:00:30Z');
  });
});

test('an event has two views on one storage', async () => {
  const { send } = await start();
  const involvedObject = { kind: 'Pod', name: 'p', namespace: 'default' };
  const body = { metadata: { name: 'e' }, involvedObject, reason: 'Started', message: 'm', type: 'Normal', count: 2 };
  await send('POST', '/api/v1/namespaces/default/events', { body });
  const seen = await send('GET', '/apis/events.k8s.io/v1/namespaces/default/events/e');
  expect(seen.json).toMatchObject({
    apiVersion: 'events.k8s.io/v1',
    regarding: { name: 'p' },
    note: 'm',
    deprecatedCount: 2,
  });
  const found = await send('GET', '/api/v1/events?fieldSelector=involvedObject.name%3Dp,type!%3DWarning');
  expect(found.json.items).toHaveLength(1);
});

test('a deleted collection is answered with what it held', async () => {
  const { send } = await start();
  for (const name of ['a', 'b'])
    await send('POST', configMaps, { body: map(name, { metadata: { name, labels: { x: 'y' } } }) });
  await send('POST', configMaps, { body: map('c') });
  const gone = await send('DELETE', `${configMaps}?labelSelector=x%3Dy`);
  expect(gone.json).toMatchObject({
    kind: 'ConfigMapList',
    items: [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }],
  });
  expect((await send('GET', `${configMaps}/c`)).code).toBe(200);
});

test('a Job deleted without a policy warns, and stays with the finalizer that keeps its pods', async () => {
  const { send } = await start();
  const path = '/apis/batch/v1/namespaces/default/jobs';
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } };
  await send('POST', path, { body: { metadata: { name: 'j' }, spec: { template } } });
  const kept = await send('DELETE', `${path}/j`);
  expect(kept.headers.get('warning')).toContain('child pods are preserved by default');
  expect(kept.json.metadata).toMatchObject({ finalizers: ['orphan'], generation: 2, deletionGracePeriodSeconds: 0 });
  const removed = await send('DELETE', `${path}/j`, { body: { propagationPolicy: 'Background' } });
  expect(removed.json).toMatchObject({ kind: 'Status', status: 'Success', details: { group: 'batch', kind: 'jobs' } });
});
