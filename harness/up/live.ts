/**
 * A Fabric that keeps running: the simulated cluster and the services along the wall clock, with real ports, real files and real local
 * commands. Runs like this are recorded, not replayable.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { programImages } from '../../fixtures/images.ts';
import type { LocalImage } from '../../simulator/node/runtimes/processes/process-runtime.ts';
import { realClock } from '../../world/real/clock.ts';
import { realFiles } from '../../world/real/files.ts';
import { RealNetwork } from '../../world/real/network.ts';
import { realProcesses } from '../../world/real/processes.ts';
import { realRandom } from '../../world/real/random.ts';
import { Pacing } from '../../world/simulated/pacing.ts';
import { Simulation } from '../../world/simulated/simulation.ts';
import type { FabricService } from '../environments/environment.ts';
import { bringUpFabric } from '../environments/sim/bring-up.ts';
import { kubernetesAddress, SimulatedCluster } from '../environments/sim/cluster.ts';
import { contentAddress, gatewayAddress, Services } from '../environments/sim/services.ts';
import { type Certificate, makeCertificate } from './certificate.ts';
import { controlHandler } from './control.ts';
import { Doors } from './doors.ts';
import { FaultDesk } from './fault-desk.ts';
import { installedProse } from './installed-prose.ts';
import { kubeconfig } from './kubeconfig.ts';
import { type OpenStores, openStores } from './open-stores.ts';
import { RunningPrograms } from './running-programs.ts';
import { TraceSpool } from './trace-spool.ts';
import { entrance, leadOut } from './ways.ts';

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
  /** `mongodb://...`: where task records are kept, instead of a file that goes with the run. */
  readonly store?: string;
  /** `s3://...`: where managed content is kept, instead of a folder that goes with the run. */
  readonly blobs?: string;
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

type CleanUp = (() => Promise<void> | void)[];

async function bringUp(options: LiveOptions, folder: string, cleanUp: CleanUp): Promise<Endpoints> {
  const stores = await openStores(options);
  cleanUp.push(() => stores.close());
  const machine = assemble(options, folder, await makeCertificate(realClock.now()), stores, cleanUp);
  const { simulation, cluster, services, certificate, token } = machine;
  const pacing = new Pacing(simulation, realClock, options.speed, (error) => report(simulation, error));
  const network = new RealNetwork();
  cleanUp.push(() => network.close());
  const elsewhere = await leadOut({ simulation, network, without: options.without, host: HOST, port: options.port });
  const doors = new Doors(network, HOST, options.port);
  cleanUp.push(() => doors.close());
  const control = controlHandler({ ...machine, pacing, faults: new FaultDesk(simulation, services, cluster) });
  const urls = {
    kubernetes: (await doors.open('kubernetes', entrance(simulation, kubernetesAddress), certificate)).url,
    gateway: (elsewhere.gateway ?? (await doors.open('gateway', entrance(simulation, gatewayAddress)))).url,
    content: (elsewhere.content ?? (await doors.open('content', entrance(simulation, contentAddress)))).url,
    control: (await doors.open('control', control)).url,
  };
  const world = simulation.process('orrery');
  const client = cluster.client(world);
  const { namespace } = options;
  await simulation.run(bringUpFabric({ cluster, services, world, client, namespace, nodeHost: HOST }));
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
  const file = join(folder, 'kubeconfig');
  const text = kubeconfig({ url: urls.kubernetes, ca: certificate.cert, token, namespace });
  writeFileSync(file, text, { mode: 0o600 });
  return {
    kubernetes: { url: urls.kubernetes, token, kubeconfig: file },
    gateway: { url: urls.gateway },
    content: { url: urls.content },
    control: { url: urls.control },
  };
}

interface Machine {
  readonly simulation: Simulation;
  readonly cluster: SimulatedCluster;
  readonly services: Services;
  readonly programs: RunningPrograms;
  readonly spool: TraceSpool;
  readonly certificate: Certificate;
  /** The administrator's. */
  readonly token: string;
}

/** Puts the parts together; nothing runs yet. */
function assemble(
  options: LiveOptions,
  folder: string,
  certificate: Certificate,
  stores: OpenStores,
  cleanUp: CleanUp,
): Machine {
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
  const token = realRandom.stream('token').uuid();
  const cluster = new SimulatedCluster({
    simulation,
    programs: programImages,
    images: options.images,
    tokens: { [token]: { user: 'kubernetes-admin', uid: 'kubernetes-admin', groups: ['system:masters'] } },
    token,
    rootCertificate: certificate.cert,
    prose: installedProse(),
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
    ...stores.countedBy((work) => simulation.hostOperation(work)),
  });
  cleanUp.push(() => simulation.shutDown());
  return { simulation, cluster, services, programs, spool, certificate, token };
}

/** An error that no program of the simulation caught: time goes on, and whoever watches is told. */
function report(simulation: Simulation, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  simulation.note('uncaught error', { text });
  process.stderr.write(`orrery: an error that nobody caught; the run goes on: ${text}\n`);
}
