/**
 * A Fabric that keeps running: the simulated cluster and the services along the wall clock, with real ports, real files
 * and real local commands. Runs like this are recorded, not replayable.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { programImages } from '../../fixtures/images.ts';
import { type LocalImage, LocalImages } from '../../simulator/node/runtimes/processes/local-images.ts';
import { realClock } from '../../world/real/clock.ts';
import { realFiles } from '../../world/real/files.ts';
import { RealNetwork } from '../../world/real/network.ts';
import { makePrivateFile, makePrivateFolder, writePrivateFile } from '../../world/real/private.ts';
import { realProcesses } from '../../world/real/processes.ts';
import { realRandom } from '../../world/real/random.ts';
import { Pacing } from '../../world/simulated/pacing.ts';
import { Simulation } from '../../world/simulated/simulation.ts';
import type { FabricService } from '../environments/environment.ts';
import { fabricGateway } from '../environments/gateway-program.ts';
import { type FabricIdentity, newIdentity } from '../environments/identity.ts';
import { bringUpFabric } from '../environments/sim/bring-up.ts';
import { SimulatedCluster } from '../environments/sim/cluster.ts';
import { LocalPorts } from '../environments/sim/local-ports.ts';
import { contentAddress, gatewayAddress, kubernetesAddress } from '../environments/sim/names.ts';
import { Services } from '../environments/sim/services.ts';
import { wayOut } from '../environments/sim/way-out.ts';
import { type AccessFiles, writeAccessFiles } from './access-files.ts';
import { type Certificate, makeCertificate } from './certificate.ts';
import { CleanUp } from './clean-up.ts';
import { controlHandler } from './control/control.ts';
import { FaultDesk } from './fault-desk.ts';
import { holdIn } from './hold.ts';
import { ingress, leadOut } from './ingress.ts';
import { installedProse } from './installed-prose.ts';
import { kubeconfig } from './kubeconfig.ts';
import { type OpenStores, openStores } from './open-stores.ts';
import { Ports } from './ports.ts';
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
  /** Names under which it may be asked besides those of this machine. */
  readonly allowHosts?: readonly string[];
  /** Hosts inside that URLs of clients may name all the same, with or without a port. */
  readonly allowOutward?: readonly string[];
  /** Nobody is asked who he is. */
  readonly anonymous?: boolean;
  /** A project that is named is made when it is missing. */
  readonly createProjects?: boolean;
  /** `mongodb://...`: where task records are kept, instead of a file that goes with the run. */
  readonly store?: string;
  /** `s3://...`: where managed content is kept, instead of a folder that goes with the run. */
  readonly blobs?: string;
}

/** What the ready file holds. */
export interface Endpoints {
  /** Of this process. */
  readonly pid: number;
  readonly kubernetes: { readonly url: string; readonly token: string; readonly kubeconfig: string };
  /** `project` is there from the start; `tokenFile` is absent where nobody is asked who he is. */
  readonly gateway: { readonly url: string; readonly project: string; readonly tokenFile?: string };
  readonly content: { readonly url: string };
  /** For services of one's own in the place of ours. */
  readonly access?: Omit<AccessFiles, 'tokenFile'>;
  readonly control: { readonly url: string };
}

export interface Live {
  readonly endpoints: Endpoints;
  /** Resolves when `POST /stop` asks for the end. */
  readonly stopRequested: Promise<void>;
  /** Ends everything and removes what it wrote; never rejects. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
/** Of the examples. */
const PROJECT = 'proj1';
/** So much of the trace is kept, or up to twice as much. */
const TRACE_BYTES = 128 * 1024 * 1024;
/** More virtual time than the start takes: when it is over, the clocks agree. kubectl tells ages by the wall's. */
const START_MS = 5_000;

/** Rejects when something of it cannot be brought up, or with the reason of the signal; nothing is left then. */
export async function startLive(options: LiveOptions, signal: AbortSignal): Promise<Live> {
  const cleanUp = new CleanUp((what, error) => tell(`could not ${what}`, error));
  const folder = mkdtempSync(join(tmpdir(), 'orrery-'));
  cleanUp.addFolder(folder);
  let requestStop = () => {};
  const stopRequested = new Promise<void>((resolve) => {
    requestStop = resolve;
  });
  try {
    const endpoints = await bringUp({ options, folder, cleanUp, signal, requestStop });
    return { endpoints, stopRequested, stop: () => cleanUp.run() };
  } catch (error) {
    await cleanUp.run();
    throw error;
  }
}

interface Start {
  readonly options: LiveOptions;
  readonly folder: string;
  readonly cleanUp: CleanUp;
  readonly signal: AbortSignal;
  requestStop(): void;
}

async function bringUp({ options, folder, cleanUp, signal, requestStop }: Start): Promise<Endpoints> {
  const stores = await unlessAborted(signal, openStores(options), (late) => late.close());
  cleanUp.add('close the stores', () => stores.close());
  const certificate = await unlessAborted(signal, makeCertificate(realClock.now()));
  const identity = options.anonymous ? undefined : newIdentity(realRandom);
  const network = new RealNetwork();
  cleanUp.add('close the network', () => network.close());
  const ports = new LocalPorts(network);
  const machine = assemble({ options, folder, certificate, stores, identity, ports, cleanUp });
  const { simulation, cluster, services, token } = machine;
  const pacing = new Pacing(simulation, realClock, options.speed, (error) => report(simulation, error));
  const { programs } = machine;
  const hold = holdIn(simulation, pacing);
  programs.holdBy(hold, (place) => network.connect(place));
  simulation.network.leadOutBy((address, isAllowed) =>
    wayOut({ network, ports, hold, isHurried: () => pacing.isHurried }, address, isAllowed),
  );
  const elsewhere = await leadOut({ simulation, network, without: options.without, host: HOST, port: options.port });
  const own = new Ports(network, HOST, options.port, options.allowHosts ?? []);
  cleanUp.add('close the ports', () => own.close());
  const faults = new FaultDesk(simulation, services, cluster);
  const control = controlHandler({ ...machine, files: realFiles, pacing, faults, stop: requestStop });
  const urls = {
    kubernetes: (await own.open('kubernetes', ingress(simulation, kubernetesAddress), certificate)).url,
    gateway: (elsewhere.gateway ?? (await own.open('gateway', ingress(simulation, gatewayAddress)))).url,
    content: (elsewhere.content ?? (await own.open('content', ingress(simulation, contentAddress)))).url,
    control: (await own.open('control', control)).url,
  };
  const world = simulation.process('orrery');
  const client = cluster.client(world);
  const { namespace } = options;
  const up = bringUpFabric({ cluster, services, world, client, namespace, nodeHost: HOST });
  await unlessAborted(signal, simulation.run(up));
  await simulation.advanceTo(realClock.now(), signal);
  pacing.start();
  cleanUp.add('end what is running', async () => {
    // Time has to pass for the agents to end their pods, whatever the speed was.
    pacing.setSpeed(Math.max(1, pacing.speed));
    await services.stop();
    await cluster.stop();
    await pacing.stop();
  });
  // Before all that: nobody comes in any more while things end.
  cleanUp.add('close the ports', () => own.close());
  const file = join(folder, 'kubeconfig');
  const text = kubeconfig({ url: urls.kubernetes, ca: certificate.cert, token, namespace });
  writePrivateFile(file, text);
  const files = identity && writeAccessFiles(join(folder, 'access'), identity, urls.gateway);
  return {
    pid: process.pid,
    kubernetes: { url: urls.kubernetes, token, kubeconfig: file },
    gateway: { url: urls.gateway, project: PROJECT, ...(files ? { tokenFile: files.tokenFile } : {}) },
    content: { url: urls.content },
    control: { url: urls.control },
    ...(files ? { access: withoutTokenFile(files) } : {}),
  };
}

function withoutTokenFile({ tokenFile: _, ...rest }: AccessFiles): Omit<AccessFiles, 'tokenFile'> {
  return rest;
}

/** What the work gives, unless the signal is first: what the work gives after that is ended by `discard`. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>, discard?: (late: T) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason);
      if (discard) work.then(discard).catch(() => undefined);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

interface Machine {
  readonly simulation: Simulation;
  readonly cluster: SimulatedCluster;
  readonly services: Services;
  readonly programs: RunningPrograms;
  readonly images: LocalImages;
  readonly spool: TraceSpool;
  readonly certificate: Certificate;
  /** The administrator's. */
  readonly token: string;
}

interface Parts {
  readonly options: LiveOptions;
  readonly folder: string;
  readonly certificate: Certificate;
  readonly stores: OpenStores;
  readonly identity: FabricIdentity | undefined;
  readonly ports: LocalPorts;
  readonly cleanUp: CleanUp;
}

/** Puts the parts together; nothing runs yet. */
function assemble({ options, folder, certificate, stores, identity, ports, cleanUp }: Parts): Machine {
  const spool = new TraceSpool(join(folder, 'trace.ndjson'), TRACE_BYTES);
  cleanUp.add('close the trace', () => spool.close());
  const programs = new RunningPrograms(realProcesses);
  cleanUp.add('end local commands', () => programs.end());
  const simulation = new Simulation({
    seed: realRandom.stream('seed').integer(0, 2 ** 31),
    startAt: realClock.now() - START_MS,
    files: realFiles,
    processes: programs,
    sink: (event) => spool.write(event),
  });
  const token = realRandom.stream('token').uuid();
  const images = new LocalImages(options.images);
  const cluster = new SimulatedCluster({
    simulation,
    programs: { ...programImages, 'orrery/gateway': fabricGateway },
    images,
    ports,
    tokens: { [token]: { user: 'kubernetes-admin', uid: 'kubernetes-admin', groups: ['system:masters'] } },
    token,
    rootCertificate: certificate.cert,
    prose: installedProse(),
    folder: join(folder, 'nodes'),
  });
  makePrivateFolder(join(folder, 'gateway'));
  makePrivateFile(join(folder, 'gateway', 'records.sqlite'));
  const database = new DatabaseSync(join(folder, 'gateway', 'records.sqlite'));
  cleanUp.add('close the database', () => database.close());
  const services = new Services({
    simulation,
    cluster,
    settings: {},
    namespace: options.namespace,
    elsewhere: options.without,
    database,
    contentFolder: join(folder, 'content'),
    pacingClock: realClock,
    ...(identity ? { identity } : {}),
    projects: [PROJECT],
    createProjectsOnUse: options.createProjects === true,
    allowedOutward: options.allowOutward ?? [],
    ...stores.countedBy((work) => simulation.hostOperation(work)),
  });
  cleanUp.add('end the simulation', () => simulation.shutDown());
  return { simulation, cluster, services, programs, images, spool, certificate, token };
}

/** An error that no program of the simulation caught: time goes on, and whoever watches is told. */
function report(simulation: Simulation, error: unknown): void {
  simulation.note('uncaught error', { text: textOf(error) });
  tell('an error that nobody caught; the run goes on', error);
}

function tell(what: string, error: unknown): void {
  process.stderr.write(`orrery: ${what}: ${textOf(error)}\n`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
