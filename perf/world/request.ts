/**
 * What one JSON request costs on the simulated network: `node perf/world/request.ts [requests]`. Bound: under 60
 * microseconds through the project's Kubernetes client on one core of the reference machine. Everything else in virtual
 * time is requests a run times this.
 *
 * Requests go one after another, so each pays for its own step of the clock; "100 at once" shares the steps.
 */
import '../../harness/unread-output.ts';
import { request as undiciRequest } from 'undici';
import { createHttpClient, kubeConfigFor } from '../../kubernetes/http-client.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { pods } from '../../kubernetes/resources.ts';
import type { HttpHandler } from '../../world/network.ts';
import { type SimulatedProcess, Simulation } from '../../world/simulated/simulation.ts';
import { printRates, rateOf } from './rate.ts';

const REQUESTS = Number(process.argv[2] ?? 20_000);
const POD: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'n', labels: { app: 'a', 'batch.kubernetes.io/job-name': 'job' } },
};
const BODY = JSON.stringify(POD);

const answer = (body: string): string => JSON.stringify(JSON.parse(body));

const echo: HttpHandler = async (request, response) => {
  const body = request.method === 'GET' ? BODY : String(await request.bytes(100_000));
  response.head(200, { 'content-type': 'application/json' });
  response.end(answer(body));
};

type Client = (world: SimulatedProcess) => () => Promise<unknown>;

function simulated(client: Client, atOnce = 1): (count: number) => Promise<void> {
  return async (count) => {
    const simulation = new Simulation({ seed: 1, startAt: Date.UTC(2026, 0, 1) });
    await simulation.process('server').network.listen('kubernetes:80', echo);
    const call = client(simulation.process('client'));
    const one = async () => {
      for (let index = 0; index < count / atOnce; index++) await call();
    };
    await simulation.run(Promise.all(Array.from({ length: atOnce }, one)));
  };
}

const viaFetch: Client = (world) => async () => {
  const response = await world.network.fetch('http://kubernetes/p', { method: 'POST', body: BODY });
  return response.json();
};

const viaRequest: Client = (world) => async () => {
  const dispatcher = world.network.dispatcher();
  const { body } = await undiciRequest('http://kubernetes/p', { method: 'POST', body: BODY, dispatcher });
  return body.json();
};

const kubernetesGet: Client = (world) => {
  const client = createHttpClient({ world, config: kubeConfigFor({ server: 'http://kubernetes' }) });
  return () => client.get(pods, 'n', 'p');
};

const kubernetesCreate: Client = (world) => {
  const client = createHttpClient({ world, config: kubeConfigFor({ server: 'http://kubernetes' }) });
  return () => client.create(pods, 'n', POD);
};

async function bare(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await Promise.resolve(JSON.parse(answer(BODY)));
}

printRates([
  await rateOf('the same JSON by a bare function call', REQUESTS, bare),
  await rateOf('kubernetes/http-client.ts, get', REQUESTS, simulated(kubernetesGet)),
  await rateOf('kubernetes/http-client.ts, create', REQUESTS, simulated(kubernetesCreate)),
  await rateOf('kubernetes/http-client.ts, create, 100 at once', REQUESTS, simulated(kubernetesCreate, 100)),
  await rateOf('undici request, POST', REQUESTS, simulated(viaRequest)),
  await rateOf('fetch, POST', REQUESTS, simulated(viaFetch)),
]);
