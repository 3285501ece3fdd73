/**
 * A simulated Kubernetes on a simulation: API server, controllers and nodes, each a process of its own. The storage
 * belongs to the cluster and survives the API server.
 */
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { createHttpClient, kubeConfigFor } from '../../../kubernetes/http-client.ts';
import type { Namespace } from '../../../kubernetes/objects.ts';
import { namespaces, services as serviceType } from '../../../kubernetes/resources.ts';
import type { Caller } from '../../../simulator/apiserver/auth/caller.ts';
import type { ApiFault } from '../../../simulator/apiserver/faults/fault.ts';
import type { ActiveApiFault } from '../../../simulator/apiserver/faults/faults.ts';
import type { Prose } from '../../../simulator/apiserver/schema/prose.ts';
import { ApiServer } from '../../../simulator/apiserver/server.ts';
import { kindsWithoutController, startControllers } from '../../../simulator/controllers/control-plane.ts';
import { LateController } from '../../../simulator/controllers/late.ts';
import { startNodeAgent } from '../../../simulator/node/agent.ts';
import type { LogRotation } from '../../../simulator/node/logs/container-log.ts';
import type { LocalImages } from '../../../simulator/node/runtimes/processes/local-images.ts';
import type { ProcessPorts } from '../../../simulator/node/runtimes/processes/ports.ts';
import type { Program } from '../../../simulator/node/runtimes/programs/program.ts';
import { ServiceNetwork } from '../../../simulator/services/service-network.ts';
import type { Simulation } from '../../../world/simulated/simulation.ts';
import type { World } from '../../../world/world.ts';
import { kubernetesAddress, resolver } from './names.ts';

const kubernetesUrl = 'https://kubernetes';
/**
 * Ten times the kubelet's own: nobody here waits for a node to fall silent, and heartbeats are most of what an idle day
 * costs.
 */
const leaseDurationSeconds = 400;

export interface ClusterOptions {
  readonly simulation: Simulation;
  readonly programs: Readonly<Record<string, Program>>;
  /** Images that are local commands. */
  readonly images?: LocalImages;
  /** Their ports on this machine. */
  readonly ports?: ProcessPorts;
  readonly logRotation?: Partial<LogRotation>;
  /** Bearer token to user; absent: everybody is an administrator. */
  readonly tokens?: Readonly<Record<string, Caller>>;
  /** Token of the cluster's own clients. */
  readonly token?: string;
  /** PEM text of the authority that clients outside trust; pods find it in `kube-root-ca.crt`. */
  readonly rootCertificate?: string;
  /** What the API server says of types and members. */
  readonly prose?: Prose;
  /** Folder of the nodes' files. */
  readonly folder?: string;
}

export class SimulatedCluster {
  readonly #options: ClusterOptions;
  readonly #stops: (() => Promise<void>)[] = [];
  #server: ApiServer | undefined;

  constructor(options: ClusterOptions) {
    this.#options = options;
  }

  /** Starts the API server. */
  async startApiServer(): Promise<void> {
    this.#options.simulation.network.resolveBy(resolver());
    const { simulation, tokens, rootCertificate, prose } = this.#options;
    const world = simulation.process('kube-apiserver');
    const server = new ApiServer({
      world,
      storedOnly: kindsWithoutController,
      recordFault: (change, id, description) => this.#recordFault(change, id, description),
      ...(tokens ? { tokens } : {}),
      ...(prose ? { prose } : {}),
    });
    this.#server = server;
    const listener = await server.listen(kubernetesAddress);
    const manager = simulation.process('kube-controller-manager');
    const controllers = await startControllers({
      world: manager,
      client: (caller) => server.client(caller, programOf(caller)),
      resources: () => server.resources(),
      whenStored: (type, begin) => server.whenStored(type, begin),
      ...(rootCertificate === undefined ? {} : { rootCertificate }),
    });
    const network = new LateController({
      world: manager,
      make: () => this.#serviceNetwork(manager, server.client('kube-proxy', 'kube-proxy')),
      // The Service `kubernetes` is there from the start.
      whenNeeded: (begin) => server.whenStored(serviceType, begin, 1),
    });
    await network.start();
    this.#stops.push(async () => {
      await network.stop();
      await controllers.stop();
      server.stop();
      await listener.close();
    });
  }

  /** Names of Services lead to their endpoints from now on. */
  #serviceNetwork(world: World, client: KubernetesClient): ServiceNetwork {
    const services = new ServiceNetwork({ world, client });
    this.#options.simulation.network.resolveBy(resolver((address) => services.resolve(address)));
    return services;
  }

  /** Makes a fault of the API happen; the API server must have been started. */
  injectApiFault(fault: ApiFault): ActiveApiFault {
    if (!this.#server) throw new Error('the API server has not been started: it can have no faults yet');
    return this.#server.faults.inject(fault);
  }

  #recordFault(change: 'injected' | 'healed', id: number, description: string): void {
    const { simulation } = this.#options;
    simulation.trace.record({ type: 'fault', at: simulation.now(), change, id, description });
    simulation.stir();
  }

  /** Starts a node that runs pods. */
  async startNode(name: string, address: string): Promise<void> {
    const { simulation, programs, images, ports, logRotation, folder } = this.#options;
    const world = simulation.process(name);
    const node = await startNodeAgent({
      world,
      client: this.client(world),
      name,
      address: `${address}:0`,
      programs,
      leaseDurationSeconds,
      ...(images ? { images } : {}),
      ...(ports ? { ports } : {}),
      ...(logRotation ? { rotation: logRotation } : {}),
      ...(folder === undefined ? {} : { folder: `${folder}/${name}` }),
    });
    this.#stops.push(() => node.stop());
  }

  /** A client of the API server for one process, over the simulated network. */
  client(world: World): KubernetesClient {
    const { token } = this.#options;
    return createHttpClient({
      world,
      config: kubeConfigFor({ server: kubernetesUrl, ...(token === undefined ? {} : { token }) }),
    });
  }

  async createNamespace(client: KubernetesClient, name: string): Promise<void> {
    const namespace: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await client.create(namespaces, undefined, namespace);
  }

  /** Stops nodes first, then controllers and server. */
  async stop(): Promise<void> {
    for (const stop of this.#stops.reverse()) await stop();
    this.#stops.length = 0;
  }
}

/** Whose name is in managedFields: one program has all controllers but the scheduler. */
function programOf(controller: string): string {
  return controller === 'kube-scheduler' ? controller : 'kube-controller-manager';
}
