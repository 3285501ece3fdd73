/**
 * A Fabric that keeps running: the simulated cluster and the services along the wall clock, with real ports, real files and real local
 * commands. Runs like this are recorded, not replayable.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { definitions } from '../../fabric/task/crd.ts';
import { actor } from '../../fixtures/actor/actor.ts';
import { hasReason } from '../../kubernetes/client.ts';
import { customResourceDefinitions } from '../../kubernetes/resources.ts';
import type { LocalImage } from '../../simulator/node/runtimes/processes/process-runtime.ts';
import type { HttpHandler } from '../../world/network.ts';
import { realClock } from '../../world/real/clock.ts';
import { realFiles } from '../../world/real/files.ts';
import { RealNetwork } from '../../world/real/network.ts';
import { realProcesses } from '../../world/real/processes.ts';
import { realRandom } from '../../world/real/random.ts';
import { Pacing } from '../../world/simulated/pacing.ts';
import { Simulation } from '../../world/simulated/simulation.ts';
import type { FabricService } from '../environments/environment.ts';
import { kubernetesAddress, SimulatedCluster } from '../environments/sim/cluster.ts';
import { contentAddress, gatewayAddress, Services } from '../environments/sim/services.ts';
import { makeCertificate } from './certificate.ts';
import { controlHandler } from './control.ts';
import { Doors } from './doors.ts';
import { FaultDesk } from './fault-desk.ts';
import { kubeconfig } from './kubeconfig.ts';
import { outlet } from './outlet.ts';
import { RunningPrograms } from './running-programs.ts';
import { TraceSpool } from './trace-spool.ts';

export interface LiveOptions {
  /** First of four ports in a row (Kubernetes, gateway, content, control); 0 picks free ones. */
  readonly port: number;
  /** Virtual time passes this many times as fast as the wall's. */
  readonly speed: number;
  readonly images: Readonly<Record<string, LocalImage>>;
  /** Namespace for Tasks, made at start. */
  readonly namespace: string;
  /** Services that the developer runs himself; gateway and content are then looked for on their port of the four. */
  readonly without: readonly FabricService[];
}

/** What the ready file holds. */
export interface Endpoints {
  readonly kubernetes: { readonly url: string; readonly token: string; readonly kubeconfig: string };
  readonly gateway: { readonly url: string };
  readonly content: { readonly url: string };
  readonly control: { readonly url: string };
}

export interface Live {
  readonly endpoints: Endpoints;
  /** Ends everything and removes what it wrote. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
/** More virtual time than the start takes: when it is over, the clocks agree. kubectl tells ages by the wall's. */
const START_MS = 5_000;

export async function startLive(options: LiveOptions): Promise<Live> {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-'));
  const cleanUp: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const step of cleanUp.splice(0).reverse()) await step();
  };
  try {
    return { endpoints: await bringUp(options, folder, cleanUp), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function bringUp(
  options: LiveOptions,
  folder: string,
  cleanUp: (() => Promise<void> | void)[],
): Promise<Endpoints> {
  const spool = new TraceSpool(join(folder, 'trace.ndjson'));
  cleanUp.push(() => spool.close());
  const programs = new RunningPrograms(realProcesses);
  const simulation = new Simulation({
    seed: realRandom.stream('seed').integer(0, 2 ** 31),
    startAt: realClock.now() - START_MS,
    files: realFiles,
    processes: programs,
    sink: (event) => spool.write(event),
  });
  const certificate = await makeCertificate(realClock.now());
  const token = realRandom.stream('token').uuid();
  const cluster = new SimulatedCluster({
    simulation,
    programs: { 'orrery/actor': actor },
    images: options.images,
    tokens: { [token]: { user: 'kubernetes-admin', groups: ['system:masters'] } },
    token,
    rootCertificate: certificate.cert,
    folder: join(folder, 'nodes'),
  });
  mkdirSync(join(folder, 'gateway'), { recursive: true });
  const database = new DatabaseSync(join(folder, 'gateway', 'records.sqlite'));
  cleanUp.push(() => database.close());
  const services = new Services({
    simulation,
    cluster,
    settings: {},
    namespace: options.namespace,
    elsewhere: options.without,
    database,
    contentFolder: join(folder, 'content'),
    pacingClock: realClock,
  });
  const pacing = new Pacing(simulation, realClock, options.speed);
  cleanUp.push(() => simulation.shutDown());
  const network = new RealNetwork();
  cleanUp.push(() => network.close());
  const elsewhere = await outletsOf(options, simulation, network);
  const doors = new Doors(network, HOST, options.port);
  cleanUp.push(() => doors.close());
  const faults = new FaultDesk(simulation, services);
  const kubernetes = await doors.open('kubernetes', entrance(simulation, kubernetesAddress), certificate);
  const gateway = elsewhere.gateway ?? (await doors.open('gateway', entrance(simulation, gatewayAddress)));
  const content = elsewhere.content ?? (await doors.open('content', entrance(simulation, contentAddress)));
  const control = await doors.open('control', controlHandler({ simulation, pacing, faults, programs, spool }));
  await simulation.run(startAll(simulation, cluster, services, options.namespace));
  await simulation.advanceTo(realClock.now());
  pacing.start();
  cleanUp.push(async () => {
    // Time has to pass for the agents to end their pods.
    await services.stop();
    await cluster.stop();
    await pacing.stop();
  });
  // Before all that: nobody comes in any more while things end.
  cleanUp.push(() => doors.close());
  const kubeconfigFile = join(folder, 'kubeconfig');
  const text = kubeconfig({ url: kubernetes.url, ca: certificate.cert, token, namespace: options.namespace });
  writeFileSync(kubeconfigFile, text, { mode: 0o600 });
  return {
    kubernetes: { url: kubernetes.url, token, kubeconfig: kubeconfigFile },
    gateway: { url: gateway.url },
    content: { url: content.url },
    control: { url: control.url },
  };
}

async function startAll(
  simulation: Simulation,
  cluster: SimulatedCluster,
  services: Services,
  namespace: string,
): Promise<void> {
  const world = simulation.process('orrery');
  const client = cluster.client(world);
  await cluster.startApiServer();
  await cluster.startNode('node-1', HOST);
  await cluster.createNamespace(client, namespace).catch((error: unknown) => {
    // `default` and its like are there from the start.
    if (!hasReason(error, 'AlreadyExists')) throw error;
  });
  for (const definition of definitions) await client.create(customResourceDefinitions, undefined, definition);
  // A custom resource is served shortly after its definition is (semantics 1.16).
  await world.clock.sleep(2000);
  for (const service of services.names) await services.start(service);
}

async function freePort(network: RealNetwork): Promise<number> {
  const listener = await network.listen(`${HOST}:0`, (_request, response) => response.reset());
  await listener.close();
  return Number(new URL(listener.url).port);
}

/** Leads the simulation's own services to what the developer runs himself; resolves with its URLs. */
async function outletsOf(
  options: LiveOptions,
  simulation: Simulation,
  network: RealNetwork,
): Promise<{ readonly gateway?: { readonly url: string }; readonly content?: { readonly url: string } }> {
  const lead = async (service: FabricService, address: string, offset: number) => {
    if (!options.without.includes(service)) return {};
    const url = `http://${HOST}:${options.port === 0 ? await freePort(network) : options.port + offset}`;
    await simulation.process(service).network.listen(address, outlet(network, url));
    return { [service]: { url } };
  };
  return { ...(await lead('gateway', gatewayAddress, 1)), ...(await lead('content', contentAddress, 2)) };
}

/** Leads requests from a real socket to what listens inside; while nothing does, the connection breaks as it would there. */
function entrance(simulation: Simulation, address: string): HttpHandler {
  return (request, response) => {
    const handler = simulation.network.handlerAt(address);
    if (!handler) return response.reset();
    return handler(request, response);
  };
}
