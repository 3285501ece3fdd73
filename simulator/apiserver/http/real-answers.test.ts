/** Single requests whose effect was seen on a real API server of version 1.36. */
import { describe, expect, test } from 'vitest';
import { type Body, start } from './api.fixture.ts';

const nodes = '/api/v1/nodes';
const pods = '/api/v1/namespaces/default/pods';
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const long = '2001-01-01T00:00:00Z';

interface Meta {
  readonly [member: string]: unknown;
}

const meta = ({ metadata }: Body): Meta => metadata as Meta;

function definition(storage: 'v1' | 'v2') {
  const schema = { openAPIV3Schema: { type: 'object' } };
  const version = (name: string) => ({ name, served: true, storage: name === storage, schema });
  return {
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [version('v1'), version('v2')],
    },
  };
}

test('a node is registered with its status and a taint; a later update cannot change that', async () => {
  const { send } = await start();
  const status = { capacity: { cpu: '2' } };
  const made = await send('POST', nodes, { body: { metadata: { name: 'n' }, status } });
  expect(made.json.status).toMatchObject({ capacity: { cpu: '2' }, allocatable: { cpu: '2' } });
  expect(made.json.spec).toEqual({ taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] });
  const body = { metadata: { name: 'n', labels: { a: 'b' } }, status: { capacity: { cpu: '9' } } };
  expect((await send('PUT', `${nodes}/n`, { body })).json.status).toMatchObject({ capacity: { cpu: '2' } });
});

test('the namespace of an object that has none is dropped', async () => {
  const { send } = await start();
  const made = await send('POST', nodes, { body: { metadata: { name: 'n', namespace: 'elsewhere' } } });
  expect(made.code).toBe(201);
  expect(meta(made.json)).not.toHaveProperty('namespace');
});

test('creationTimestamp stays as stored, whatever an update says', async () => {
  const { send } = await start();
  const path = '/api/v1/namespaces/default/configmaps';
  const made = await send('POST', path, { body: { metadata: { name: 'c' } } });
  const body = { metadata: { name: 'c', creationTimestamp: long }, data: { a: 'b' } };
  const updated = await send('PUT', `${path}/c`, { body });
  expect(updated.code).toBe(200);
  expect(meta(updated.json).creationTimestamp).toBe(meta(made.json).creationTimestamp);
});

test('a definition remembers every version that objects were ever stored in', async () => {
  const { send, simulation } = await start();
  await send('POST', definitions, { body: definition('v1') });
  await simulation.advance(1000);
  const found = (await send('GET', `${definitions}/widgets.example.com`)).json;
  expect(found.status).toMatchObject({ storedVersions: ['v1'] });
  const body = { ...definition('v2'), metadata: found.metadata };
  const updated = await send('PUT', `${definitions}/widgets.example.com`, { body });
  expect(updated.json.status).toMatchObject({ storedVersions: ['v1', 'v2'] });
});

describe('a pod', () => {
  const body = { metadata: { name: 'p' }, spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] } };

  test('has its default tolerations again after an update without them', async () => {
    const { send } = await start();
    await send('POST', pods, { body });
    const { metadata, spec } = (await send('GET', `${pods}/p`)).json;
    const without = { metadata, spec: { ...(spec as object), tolerations: [] } };
    const updated = await send('PUT', `${pods}/p`, { body: without });
    expect(updated.code).toBe(200);
    expect((updated.json.spec as { tolerations: unknown[] }).tolerations).toHaveLength(2);
  });

  test('that is deleted without grace is seen marked first, and then gone', async () => {
    const { send, open, simulation } = await start();
    await send('POST', pods, { body });
    const version = String(meta((await send('GET', pods)).json).resourceVersion);
    await send('DELETE', `${pods}/p`, { body: { gracePeriodSeconds: 0 } });
    const watch = await open('GET', `${pods}?watch=1&resourceVersion=${version}&timeoutSeconds=5`);
    const events = (await simulation.run(watch.text())).trim().split('\n');
    const seen = events.map((line) => JSON.parse(line) as { type: string; object: Body });
    expect(seen.map(({ type }) => type)).toEqual(['MODIFIED', 'DELETED']);
    for (const { object } of seen) expect(meta(object)).toMatchObject({ deletionGracePeriodSeconds: 0, generation: 2 });
  });

  test('keeps no trace of owners that a status write does not speak of', async () => {
    const { send } = await start();
    const { uid } = meta((await send('POST', pods, { body })).json);
    const headers = { 'content-type': 'application/strategic-merge-patch+json' };
    for (const reason of ['a', 'b']) {
      await send('PATCH', `${pods}/p/status`, { headers, body: { metadata: { uid }, status: { reason } } });
    }
    const { managedFields } = meta((await send('GET', `${pods}/p`)).json) as {
      managedFields: { subresource?: string }[];
    };
    const written = managedFields.filter(({ subresource }) => subresource === 'status');
    expect(written).toMatchObject([{ fieldsV1: { 'f:status': { 'f:reason': {} } } }]);
    expect(written[0]).not.toHaveProperty(['fieldsV1', 'f:metadata']);
  });
});

test('a subresource that a custom resource lacks is answered as a missing object', async () => {
  const { send, simulation } = await start();
  await send('POST', definitions, { body: definition('v1') });
  await simulation.advance(1000);
  const answer = await send('GET', '/apis/example.com/v1/namespaces/default/widgets/w/scale');
  expect(answer.json).toMatchObject({ code: 404, message: 'widgets.example.com "w" not found' });
});

test('the root names what may be asked', async () => {
  const { send } = await start();
  expect((await send('GET', '/')).json.paths).toEqual(expect.arrayContaining(['/apis/batch/v1', '/version']));
});
