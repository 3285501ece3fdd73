import { describe, expect, test } from 'vitest';
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import type { CustomResourceDefinition, UnknownObject } from '../../../kubernetes/objects.ts';
import { customResourceDefinitions, events, type ResourceType } from '../../../kubernetes/resources.ts';
import { Simulation } from '../../../world/simulated/simulation.ts';
import { ApiServer } from '../server.ts';

const widgets: ResourceType = {
  group: 'example.com',
  version: 'v1',
  plural: 'widgets',
  kind: 'Widget',
  namespaced: true,
};

const definition = {
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', shortNames: ['wd'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        selectableFields: [{ jsonPath: '.spec.color' }],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['color'],
                properties: {
                  color: { type: 'string', maxLength: 10 },
                  size: { type: 'integer', default: 3, minimum: 1 },
                },
                'x-kubernetes-validations': [{ rule: "self.color != 'none'", message: 'a widget has a color' }],
              },
              status: { type: 'object', properties: { phase: { type: 'string' } } },
            },
          },
        },
      },
    ],
  },
} as unknown as CustomResourceDefinition;

const widget = (name: string, spec: object, metadata: object = {}): UnknownObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name, ...metadata },
  spec,
});

async function start(options: { define: boolean } = { define: true }) {
  const simulation = new Simulation({ seed: 11, startAt: Date.UTC(2026, 0, 1) });
  const server = new ApiServer({ world: simulation.process('apiserver') });
  const client: KubernetesClient = server.client('test');
  const run = <T>(promise: Promise<T>) => simulation.run(promise);
  const refused = (promise: Promise<unknown>) => run(promise.catch((error: unknown) => error));
  if (options.define) {
    await run(client.create(customResourceDefinitions, undefined, definition));
    await simulation.advance(1000);
  }
  return { simulation, server, client, run, refused };
}

describe('a custom resource', () => {
  test('is not served before its definition is established, and soon after it is', async () => {
    const { simulation, client, run, refused } = await start({ define: false });
    await run(client.create(customResourceDefinitions, undefined, definition));
    expect(await refused(client.list(widgets))).toMatchObject({ code: 404 });
    await simulation.advance(1000);
    const { status } = await run(
      client.get<CustomResourceDefinition>(customResourceDefinitions, undefined, 'widgets.example.com'),
    );
    expect(status?.conditions?.map((each) => `${each.type}=${each.status}`)).toEqual([
      'NamesAccepted=True',
      'Established=True',
    ]);
    expect((await run(client.list(widgets))).items).toEqual([]);
  });

  test('loses unknown fields, gets its defaults, and has no status at first', async () => {
    const { client, run } = await start();
    const sent = { ...widget('a', { color: 'red', weight: 5 }), status: { phase: 'Done' } };
    const made = await run(client.create<UnknownObject>(widgets, 'default', sent));
    expect(made.spec).toEqual({ color: 'red', size: 3 });
    expect(made.status).toBeUndefined();
    expect(made.metadata?.generation).toBe(1);
  });

  test('is checked against its schema, and against its rules when the schema is content', async () => {
    const { client, refused } = await start();
    const small = await refused(client.create(widgets, 'default', widget('a', { size: 0 })));
    expect(small).toMatchObject({ code: 422, reason: 'Invalid' });
    const ruled = await refused(client.create(widgets, 'default', widget('a', { color: 'none' })));
    expect(ruled).toMatchObject({ code: 422, message: expect.stringContaining('a widget has a color') });
  });

  test('needs a resourceVersion in a replace', async () => {
    const { client, run, refused } = await start();
    await run(client.create(widgets, 'default', widget('a', { color: 'red' })));
    const blind = await refused(client.replace(widgets, widget('a', { color: 'blue' }, { namespace: 'default' })));
    expect(blind).toMatchObject({ code: 422, message: expect.stringContaining('must be specified for an update') });
  });

  test('takes nothing but the status through its status, and counts no generation for it', async () => {
    const { client, run } = await start();
    await run(client.create(widgets, 'default', widget('a', { color: 'red' })));
    const change = { status: { phase: 'Done' }, spec: { color: 'blue' }, metadata: { labels: { x: 'y' } } };
    const written = await run(
      client.patch<UnknownObject>(widgets, 'default', 'a', 'merge', change, { subresource: 'status' }),
    );
    expect(written).toMatchObject({ spec: { color: 'red' }, status: { phase: 'Done' }, metadata: { generation: 1 } });
    expect(written.metadata?.labels).toBeUndefined();
  });

  test('can be selected by the fields that its definition names, and by no others', async () => {
    const { client, run, refused } = await start();
    await run(client.create(widgets, 'default', widget('a', { color: 'red' })));
    await run(client.create(widgets, 'default', widget('b', { color: 'blue' })));
    const red = await run(client.list(widgets, { fieldSelector: 'spec.color=red' }));
    expect(red.items.map((item) => item.metadata?.name)).toEqual(['a']);
    expect(await refused(client.list(widgets, { fieldSelector: 'spec.size=3' }))).toMatchObject({ code: 400 });
  });

  test('goes with its definition, which waits for finalizers', async () => {
    const { simulation, client, run, refused } = await start();
    await run(client.create(widgets, 'default', widget('a', { color: 'red' }, { finalizers: ['example.com/hold'] })));
    await run(client.delete(customResourceDefinitions, undefined, 'widgets.example.com'));
    await simulation.advance(5000);
    expect(await refused(client.create(widgets, 'default', widget('b', { color: 'red' })))).toMatchObject({
      code: 403,
    });
    await run(client.patch(widgets, 'default', 'a', 'merge', { metadata: { finalizers: null } }));
    await simulation.advance(5000);
    expect(await refused(client.list(widgets))).toMatchObject({ code: 404 });
    const gone = await refused(client.get(customResourceDefinitions, undefined, 'widgets.example.com'));
    expect(gone).toMatchObject({ code: 404 });
  });

  test('is served at once by a server that starts over a store that has it', async () => {
    const { simulation, server, client, run } = await start();
    await run(client.create(widgets, 'default', widget('a', { color: 'red' })));
    server.stop();
    const next = new ApiServer({ world: simulation.process('apiserver-2'), store: server.store });
    const found = await run(next.client('test').list(widgets));
    expect(found.items).toHaveLength(1);
    expect(next.resources().some((each) => each.plural === 'widgets')).toBe(true);
  });
});

test('an event goes an hour after it was last written', async () => {
  const { simulation, client, run } = await start({ define: false });
  const involvedObject = { kind: 'Pod', name: 'p', namespace: 'default' };
  const event = (name: string) => ({
    metadata: { name },
    involvedObject,
    reason: 'Tested',
    message: 'm',
    type: 'Normal',
  });
  for (const name of ['a', 'b']) await run(client.create(events, 'default', event(name)));
  await simulation.advance(40 * 60_000);
  await run(client.patch(events, 'default', 'a', 'merge', { count: 2 }));
  await simulation.advance(22 * 60_000);
  expect((await run(client.list(events))).items.map((item) => item.metadata?.name)).toEqual(['a']);
  await simulation.advance(40 * 60_000);
  expect((await run(client.list(events))).items).toEqual([]);
});
