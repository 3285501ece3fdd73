/**
 * Daemons in a simulation: a Deployment behind a Service, asked by a program, one of them crashing, scaled to nothing.
 */
import { beforeEach, expect, test } from 'vitest';
import { skillPrograms } from '../../../fixtures/skills/programs.ts';
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import type { Deployment, EndpointSlice, KubernetesObject } from '../../../kubernetes/objects.ts';
import { deployments, endpointSlices, pods, services } from '../../../kubernetes/resources.ts';
import { Simulation } from '../../../world/simulated/simulation.ts';
import type { World } from '../../../world/world.ts';
import { SimulatedCluster } from './cluster.ts';

const namespace = 'n';
const labels = { app: 'echo' };

let simulation: Simulation;
let cluster: SimulatedCluster;
let client: KubernetesClient;
let caller: World;

beforeEach(async () => {
  simulation = new Simulation({ seed: 3, startAt: Date.UTC(2026, 0, 1) });
  cluster = new SimulatedCluster({ simulation, programs: skillPrograms });
  caller = simulation.process('caller');
  client = cluster.client(caller);
  const bringUp = async () => {
    await cluster.startApiServer();
    await cluster.startNode('node-1', '10.0.0.1');
    await cluster.createNamespace(client, namespace);
    await caller.clock.sleep(2000);
  };
  await simulation.run(bringUp());
});

function deployment(replicas: number, args: readonly string[] = []): Deployment {
  const container = {
    name: 'daemon',
    image: 'orrery/daemon-skill',
    args: [...args],
    ports: [{ name: 'web', containerPort: 5000 }],
    readinessProbe: { httpGet: { path: '/healthz', port: 'web' }, periodSeconds: 1 },
  };
  const template = { metadata: { labels }, spec: { containers: [container] } };
  const spec = { replicas, selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'echo', namespace }, spec } as Deployment;
}

function service(name: string, spec: object = {}): KubernetesObject {
  const own = { selector: labels, ports: [{ port: 80, targetPort: 'web' }], ...spec };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: own } as KubernetesObject;
}

/** Brings up the daemons and their Service. */
async function deploy(replicas: number, args: readonly string[] = [], spec: object = {}): Promise<void> {
  await simulation.run(client.create(services, namespace, service('echo', spec)));
  await simulation.run(client.create(deployments, namespace, deployment(replicas, args)));
  await simulation.advance(10_000);
}

/** The answer's payload, or why there is none. */
async function ask(url: string, payload: unknown = 1): Promise<unknown> {
  const asking = async () => {
    try {
      const body = JSON.stringify({ payload });
      const answer = await caller.network.fetch(url, { method: 'POST', body });
      return ((await answer.json()) as { payload: unknown }).payload;
    } catch (error) {
      return ((error as Error).cause as { code?: string }).code;
    }
  };
  return simulation.run(asking());
}

/** Addresses of the endpoints, and those that are ready. */
async function endpoints(): Promise<{ all: string[]; ready: string[] }> {
  const { items } = await simulation.run(client.list<EndpointSlice>(endpointSlices, { namespace }));
  const every = items.flatMap((slice) => slice.endpoints ?? []);
  const ready = every.filter(({ conditions }) => conditions?.ready);
  return { all: every.flatMap((each) => each.addresses), ready: ready.flatMap((each) => each.addresses) };
}

/** Who was asked how often, by the lines of the pods' logs. */
async function askedTimes(): Promise<number[]> {
  const { items } = await simulation.run(client.list(pods, { namespace, labelSelector: 'app=echo' }));
  const texts = items.map(async ({ metadata }) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await client.log(namespace, metadata?.name ?? '', {})) chunks.push(chunk);
    return Buffer.concat(chunks)
      .toString()
      .split('\n')
      .filter((line) => line.startsWith('POST')).length;
  });
  return simulation.run(Promise.all(texts));
}

test('a Service is asked by all its names and its address, its pods in turn', async () => {
  await deploy(2);
  const made = await simulation.run(
    client.get<{ spec: { clusterIP: string } } & KubernetesObject>(services, namespace, 'echo'),
  );
  const hosts = ['echo', 'echo.n', 'echo.n.svc', 'echo.n.svc.cluster.local', made.spec.clusterIP];
  for (const host of hosts)
    for (let time = 0; time < 2; time++) expect(await ask(`http://${host}/invoke`, { host })).toEqual({ host });
  expect(await askedTimes()).toEqual([5, 5]);
});

test('a port that the Service does not have is refused, and a name that no Service has is nobody’s', async () => {
  await deploy(1);
  expect(await ask('http://echo.n.svc:81/invoke')).toBe('ECONNREFUSED');
  expect(await ask('http://other.n.svc.cluster.local/invoke')).toBe('ENOTFOUND');
});

test('one that crashes is no endpoint until it is ready again; the other one answers meanwhile', async () => {
  await deploy(2);
  expect(await ask('http://echo.n.svc/crash')).toBe('ECONNRESET');
  await simulation.advance(20);
  expect((await endpoints()).ready).toHaveLength(1);
  for (let time = 0; time < 3; time++) expect(await ask('http://echo.n.svc/invoke', time)).toBe(time);
  await simulation.advance(60_000);
  expect((await endpoints()).ready).toHaveLength(2);
});

test('scaled to nothing, connections are refused; scaled up, they are taken', async () => {
  await deploy(1);
  const scale = (replicas: number) =>
    simulation.run(client.patch(deployments, namespace, 'echo', 'merge', { spec: { replicas } }));
  await scale(0);
  await simulation.advance(40_000);
  expect(await endpoints()).toEqual({ all: [], ready: [] });
  expect(await ask('http://echo.n.svc/invoke')).toBe('ECONNREFUSED');
  await scale(1);
  await simulation.advance(10_000);
  expect(await ask('http://echo.n.svc/invoke', 'back')).toBe('back');
});

test('pods that are not ready get nothing, unless the Service publishes them', async () => {
  await deploy(1, ['--unready-for', '3600']);
  expect(await endpoints()).toMatchObject({ all: [expect.any(String)], ready: [] });
  expect(await ask('http://echo.n.svc/invoke')).toBe('ECONNREFUSED');
  const published = service('open', { publishNotReadyAddresses: true });
  await simulation.run(client.create(services, namespace, published));
  await simulation.advance(1000);
  expect(await ask('http://open.n.svc/invoke', 'early')).toBe('early');
});

test('a headless Service leads to its pods, whatever their port, and to one pod by its name', async () => {
  await simulation.run(client.create(services, namespace, service('echo', { clusterIP: 'None' })));
  const container = { name: 'daemon', image: 'orrery/daemon-skill', ports: [{ name: 'web', containerPort: 5000 }] };
  for (const hostname of ['one', 'two']) {
    const spec = { hostname, subdomain: 'echo', containers: [container] };
    await simulation.run(
      client.create(pods, namespace, { apiVersion: 'v1', kind: 'Pod', metadata: { name: hostname, labels }, spec }),
    );
  }
  await simulation.advance(10_000);
  expect(await ask('http://echo.n.svc:5000/invoke', 'any')).toBe('any');
  for (let time = 0; time < 2; time++)
    expect(await ask('http://two.echo.n.svc.cluster.local:5000/invoke', 'two')).toBe('two');
  expect(await ask('http://three.echo.n.svc.cluster.local:5000/invoke')).toBe('ECONNREFUSED');
});

test('a Service without a selector leads where its EndpointSlices say, and gets none', async () => {
  await deploy(1);
  const [address = ''] = (await endpoints()).ready;
  await simulation.run(client.create(services, namespace, service('by-hand', { selector: undefined })));
  await simulation.advance(1000);
  expect(await ask('http://by-hand.n.svc/invoke')).toBe('ECONNREFUSED');
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'mine', labels: { 'kubernetes.io/service-name': 'by-hand' } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 5000 }],
    endpoints: [{ addresses: [address] }],
  };
  await simulation.run(client.create(endpointSlices, namespace, slice));
  await simulation.advance(1000);
  expect(await ask('http://by-hand.n.svc/invoke', 'hand')).toBe('hand');
});

test('the slices of a Service go with it', async () => {
  await deploy(1);
  await simulation.run(client.delete(services, namespace, 'echo'));
  await simulation.advance(5000);
  expect((await simulation.run(client.list(endpointSlices, { namespace }))).items).toEqual([]);
});

test('faults of the network are about the name that was asked for', async () => {
  await deploy(1);
  const fault = simulation.network.inject({ kind: 'refuse', to: 'echo.n.svc' } as never);
  expect(await ask('http://echo.n.svc/invoke')).toBe('ECONNREFUSED');
  expect(await ask('http://echo.n/invoke', 'other name')).toBe('other name');
  fault.heal();
  expect(await ask('http://echo.n.svc/invoke', 'healed')).toBe('healed');
});

test('the names of Kubernetes and of the gateway inside clusters lead there', async () => {
  const version = async (host: string) => {
    const answer = await caller.network.fetch(`https://${host}/version`);
    return ((await answer.json()) as { major: string }).major;
  };
  for (const host of ['kubernetes', 'kubernetes.default.svc', '10.96.0.1']) {
    expect(await simulation.run(version(host))).toBe('1');
  }
  const gateway = simulation.process('gateway');
  await gateway.network.listen('gateway:80', (_request, response) => {
    response.head(200, {});
    response.end('{"payload":"gateway"}');
  });
  const places = ['cortex-internal.cortex:80', 'cortex-accounts.cortex:5000', 'cortex-connections.cortex:4450'];
  for (const place of places) {
    expect(await ask(`http://${place.replace(':', '.svc.cluster.local:')}/`)).toBe('gateway');
  }
});

test('the same seed gives the same trace', async () => {
  const play = async () => {
    const own = new Simulation({ seed: 5, startAt: Date.UTC(2026, 0, 1) });
    const other = new SimulatedCluster({ simulation: own, programs: skillPrograms });
    const world = own.process('caller');
    const api = other.client(world);
    const work = async () => {
      await other.startApiServer();
      await other.startNode('node-1', '10.0.0.1');
      await other.createNamespace(api, namespace);
      await world.clock.sleep(2000);
      await api.create(services, namespace, service('echo'));
      await api.create(deployments, namespace, deployment(2));
      await world.clock.sleep(10_000);
      for (let time = 0; time < 4; time++) {
        await world.network
          .fetch('http://echo.n.svc/invoke', { method: 'POST', body: '{}' })
          .then((answer) => answer.text());
      }
    };
    await own.run(work());
    own.shutDown();
    return own.trace.hash();
  };
  expect(await play()).toBe(await play());
});
