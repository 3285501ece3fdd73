/** Two gateways on one store and one cluster; one gateway whose store or whose life fails it at a bad moment. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Lease } from '../../../kubernetes/objects.ts';
import { leases } from '../../../kubernetes/resources.ts';
import type { HttpHandler } from '../../../world/network.ts';
import type { SimulatedProcess } from '../../../world/simulated/simulation.ts';
import { type Bench, openBench } from '../bench.fixture.ts';
import { startGateway } from '../server.ts';
import { openEmbeddedStore } from '../stores/embedded/store.ts';
import type { Store } from '../stores/store.ts';

const base = '/fabric/v4/projects/proj1';
const skill = {
  camel: '1.0.0',
  name: 'api',
  properties: [{ name: 'url', defaultValue: 'http://api.test/work' }],
  inputs: [{ name: 'in', routing: { all: { runtime: 'cortex/external-api', output: 'out' } } }],
  outputs: [{ name: 'out' }],
};

let bench: Bench;
let store: Store;
/** Requests that the API was sent, by path. */
let asked: string[];
let answerOf: HttpHandler;

beforeEach(async () => {
  bench = await openBench();
  const inner = openEmbeddedStore(':memory:');
  store = { isShared: true, collection: (definition) => inner.collection(definition), close: () => inner.close() };
  asked = [];
  answerOf = async (_, response) => {
    response.head(200, {});
    response.end('"done"');
  };
  await bench.simulation.process('api').network.listen('api.test:80', async (request, response) => {
    await request.bytes(1_000_000);
    asked.push(request.url);
    await answerOf(request, response);
  });
});

async function start(name: string): Promise<SimulatedProcess> {
  const world = bench.simulation.process(name);
  const options = { allowedOutward: ['api.test'], createProjectsOnUse: true };
  const client = bench.cluster.client();
  await bench.simulation.run(startGateway({ world, address: `${name}:80`, store, client, ...options }));
  return world;
}

async function ask(host: string, path: string, body?: object): Promise<Record<string, string>> {
  const sent = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  const answer = async () => (await bench.network.fetch(`http://${host}${base}/${path}`, sent)).json();
  return (await bench.simulation.run(answer())) as Record<string, string>;
}

const wait = (ms: number) => bench.simulation.process('wait').clock.sleep(ms);
const callback = { properties: { callbackUrl: 'http://api.test/hook' } };
const hooks = () => asked.filter((url) => url === '/hook').length;

describe('two gateways', () => {
  test('deliver a callback once, however long it is not taken', async () => {
    answerOf = async ({ url }, response) => {
      response.head(url === '/hook' && hooks() < 4 ? 503 : 200, {});
      response.end('{}');
    };
    await start('one');
    await start('two');
    await ask('one', 'skills', skill);
    await ask('one', 'skillinvoke/api/inputs/in', callback);
    await bench.simulation.advance(30_000);
    // At once, and after 1 s and 5 s more; the fourth time 30 s later.
    expect(hooks()).toBe(3);
    await bench.simulation.advance(10 * 60_000);
    expect(hooks()).toBe(4);
  });

  test('give up a callback that nobody takes, and repeat none that was refused', async () => {
    answerOf = async ({ url }, response) => {
      response.head(url === '/hook' ? 500 : 200, {});
      response.end('{}');
    };
    await start('one');
    await ask('one', 'skills', skill);
    await ask('one', 'skillinvoke/api/inputs/in', callback);
    await bench.simulation.advance(60 * 60_000);
    expect(hooks()).toBe(5);
    answerOf = async ({ url }, response) => {
      response.head(url === '/hook' ? 404 : 200, {});
      response.end('{}');
    };
    await ask('one', 'skillinvoke/api/inputs/in', callback);
    await bench.simulation.advance(60 * 60_000);
    expect(hooks()).toBe(6);
  });

  test('a callback of a dead one is delivered by the other', async () => {
    let isDeaf = true;
    answerOf = async ({ url }, response) => {
      response.head(url === '/hook' && isDeaf ? 503 : 200, {});
      response.end('{}');
    };
    const one = await start('one');
    await start('two');
    await ask('one', 'skills', skill);
    await ask('one', 'skillinvoke/api/inputs/in', callback);
    await bench.simulation.advance(10_000);
    one.kill();
    isDeaf = false;
    const before = hooks();
    await bench.simulation.advance(60_000);
    expect(hooks()).toBe(before + 1);
  });

  test('leave each other the steps that are under way', async () => {
    answerOf = async (_, response) => {
      await wait(25_000);
      response.head(200, {});
      response.end('"done"');
    };
    await start('one');
    await start('two');
    await ask('one', 'skills', skill);
    const { activationId } = await ask('one', 'skillinvoke/api/inputs/in', {});
    await bench.simulation.advance(40_000);
    expect(await ask('two', `activations/${activationId}`)).toMatchObject({ status: 'COMPLETE', response: 'done' });
    expect(asked).toEqual(['/work']);
  });

  test('a Lease of a dead one is removed in the end', async () => {
    const one = await start('one');
    await start('two');
    const names = async () => {
      const { items } = await bench.cluster.client().list<Lease>(leases, { namespace: 'default' });
      return items.length;
    };
    expect(await bench.simulation.run(names())).toBe(2);
    one.kill();
    await bench.simulation.advance(20 * 60_000);
    expect(await bench.simulation.run(names())).toBe(1);
  });
});
