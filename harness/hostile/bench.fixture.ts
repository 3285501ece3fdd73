/** All servers of a Fabric in one process, and requests that are sent to them byte for byte. */
import { DatabaseSync } from 'node:sqlite';
import type { Node } from '../../kubernetes/objects.ts';
import { nodes } from '../../kubernetes/resources.ts';
import { LocalImages } from '../../simulator/node/runtimes/processes/local-images.ts';
import { Simulation } from '../../world/simulated/simulation.ts';
import type { World } from '../../world/world.ts';
import { bringUpFabric } from '../environments/sim/bring-up.ts';
import { SimulatedCluster } from '../environments/sim/cluster.ts';
import { contentAddress, gatewayAddress, kubernetesAddress } from '../environments/sim/names.ts';
import { Services } from '../environments/sim/services.ts';
import { controlHandler } from '../up/control/control.ts';
import { FaultDesk } from '../up/fault-desk.ts';

const nodeHost = '10.0.0.1';
export const servers = ['kubernetes', 'gateway', 'content', 'control', 'node'] as const;
export type Server = (typeof servers)[number];

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is, anything else as JSON. */
  readonly body?: unknown;
}

export interface Answer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body, when it is JSON. */
  json<T = Record<string, unknown>>(): T;
}

export const token = 'token-of-the-administrator';

export async function openBench() {
  const simulation = new Simulation({ seed: 11, startAt: Date.UTC(2026, 0, 1) });
  const tokens = { [token]: { user: 'admin', groups: ['system:masters'] } };
  const cluster = new SimulatedCluster({ simulation, programs: {}, tokens, token, folder: '/nodes' });
  const database = new DatabaseSync(':memory:');
  const services = new Services({
    simulation,
    cluster,
    settings: {},
    namespace: 'default',
    database,
    contentFolder: '/content',
    createProjectsOnUse: true,
  });
  const world = simulation.process('harness');
  const client = cluster.client(world);
  const options = { cluster, services, world, client, namespace: 'default', nodeHost };
  await simulation.run(bringUpFabric(options));
  await listenForControl(simulation, services, cluster);
  const node = await simulation.run(client.get<Node>(nodes, undefined, 'node-1'));
  const ask = sender(simulation, simulation.process('stranger'), {
    kubernetes: `https://${kubernetesAddress}`,
    gateway: `http://${gatewayAddress}`,
    content: `http://${contentAddress}`,
    control: 'http://control:80',
    node: `http://${nodeHost}:${node.status?.daemonEndpoints?.kubeletEndpoint?.Port}`,
  });
  return { simulation, ask, end: () => end(simulation, services, cluster, database) };
}

/** The control API of a run whose time nobody drives. */
async function listenForControl(simulation: Simulation, services: Services, cluster: SimulatedCluster): Promise<void> {
  const pacing = { speed: 1, behind: 0, setSpeed: () => undefined, advance: async () => undefined };
  const control = controlHandler({
    simulation,
    pacing,
    faults: new FaultDesk(simulation, services, cluster),
    programs: { list: () => [], daemonsStarted: async () => undefined },
    spool: { *read() {} },
    images: new LocalImages(),
    files: simulation.process('machine').files,
    token,
    stop: () => undefined,
  });
  await simulation.process('control').network.listen('control:80', control);
}

function sender(simulation: Simulation, { network }: World, origins: Readonly<Record<Server, string>>) {
  const send = async (server: Server, method: string, path: string, { headers = {}, body }: Sent): Promise<Answer> => {
    const isAdmin = server === 'kubernetes' ? { authorization: `Bearer ${token}` } : {};
    const isText = typeof body === 'string' || Buffer.isBuffer(body);
    const answer = await network.dispatcher().request({
      origin: origins[server],
      method: method as 'GET',
      path,
      headers: { ...isAdmin, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    return { code: answer.statusCode, headers: answer.headers, text, json: <T>() => JSON.parse(text) as T };
  };
  return (server: Server, method: string, path: string, sent: Sent = {}): Promise<Answer> =>
    simulation.run(send(server, method, path, sent));
}

async function end(
  simulation: Simulation,
  services: Services,
  cluster: SimulatedCluster,
  database: DatabaseSync,
): Promise<void> {
  await simulation.run(services.stop());
  await simulation.run(cluster.stop());
  await simulation.shutDown();
  database.close();
}

export type Bench = Awaited<ReturnType<typeof openBench>>;
