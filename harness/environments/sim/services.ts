/**
 * Operator, gateway and managed content as simulated processes that can be killed and started again. What a real one
 * would find again, its disk and its database, stays with the environment.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Blobs } from '../../../fabric/content/blobs/blobs.ts';
import { openFolderBlobs } from '../../../fabric/content/blobs/folder/folder.ts';
import { startContent } from '../../../fabric/content/server.ts';
import { startGateway } from '../../../fabric/gateway/server.ts';
import { openEmbeddedStore } from '../../../fabric/gateway/stores/embedded/store.ts';
import type { Store } from '../../../fabric/gateway/stores/store.ts';
import { startOperator } from '../../../fabric/operator/operator.ts';
import type { Clock } from '../../../world/clock.ts';
import type { SimulatedProcess, Simulation } from '../../../world/simulated/simulation.ts';
import type { FabricService, FabricSettings } from '../environment.ts';
import { accessOf, type FabricIdentity } from '../identity.ts';
import type { SimulatedCluster } from './cluster.ts';
import { contentAddress, gatewayAddress } from './names.ts';

export interface ServicesOptions {
  readonly simulation: Simulation;
  readonly cluster: SimulatedCluster;
  readonly settings: FabricSettings;
  /** Where the gateway makes Tasks. */
  readonly namespace: string;
  /** Services that somebody else runs: they are never started here. */
  readonly elsewhere?: readonly FabricService[];
  /** The gateway's database. */
  readonly database: DatabaseSync;
  /** Folder of managed content. */
  readonly contentFolder: string;
  /** A store of the machine's instead of the database. */
  readonly store?: Store;
  /** Objects of the machine's instead of the folder. */
  readonly blobs?: Blobs;
  /** Who may come in; absent: everybody, without a question. */
  readonly identity?: FabricIdentity;
  /** Projects that there are from the start. */
  readonly projects?: readonly string[];
  /** Any project is there for whoever names it. */
  readonly createProjectsOnUse?: boolean;
  /** Hosts inside that URLs of clients may name all the same. */
  readonly allowedOutward?: readonly string[];
  /** Paces answers towards clients; the gateway's own clock when absent. */
  readonly pacingClock?: Clock;
}

interface RunningService {
  readonly process: SimulatedProcess;
  stop(): Promise<void>;
}

export class Services {
  readonly #options: ServicesOptions;
  readonly #running = new Map<FabricService, RunningService>();

  constructor(options: ServicesOptions) {
    this.#options = options;
  }

  /** Those that are run here, in the order in which they start. */
  get names(): FabricService[] {
    const { settings, elsewhere = [] } = this.#options;
    const all: FabricService[] = ['content', 'gateway', 'operator'];
    return all.filter((name) => !elsewhere.includes(name) && (name === 'operator' || settings[name] !== false));
  }

  isRunning(service: FabricService): boolean {
    const running = this.#running.get(service);
    return running !== undefined && !running.process.killed;
  }

  /** Starts a service as a new process. One that runs is left alone. */
  async start(service: FabricService): Promise<void> {
    if (this.isRunning(service)) return;
    const process = this.#options.simulation.process(service);
    const { stop } = await this.#starters[service](process);
    this.#running.set(service, { process, stop });
  }

  /** Ends a service's process at once. */
  kill(service: FabricService): void {
    this.#running.get(service)?.process.kill();
    this.#running.delete(service);
  }

  /** Stops all in order, the operator first. */
  async stop(): Promise<void> {
    for (const service of this.names.reverse()) await this.#running.get(service)?.stop();
    this.#running.clear();
  }

  readonly #starters: Record<FabricService, (world: SimulatedProcess) => Promise<{ stop(): Promise<void> }>> = {
    content: async (world) => {
      const blobs = this.#options.blobs ?? (await openFolderBlobs({ world, folder: this.#options.contentFolder }));
      const { logTtlSeconds } = this.#options.settings;
      return startContent({
        world,
        address: contentAddress,
        blobs,
        credential: this.#options.identity?.credential,
        ...(logTtlSeconds === undefined ? {} : { ttlSecondsByPrefix: { 'tasks/': logTtlSeconds } }),
      });
    },
    gateway: (world) => {
      const { cluster, namespace, database, settings, pacingClock, identity, ...options } = this.#options;
      return startGateway({
        world,
        address: gatewayAddress,
        store: options.store ?? openEmbeddedStore(database),
        client: cluster.client(world),
        namespace,
        ...(settings.content === false ? {} : { contentUrl: `http://${contentAddress}` }),
        ...(pacingClock ? { pacingClock } : {}),
        ...(identity ? { access: accessOf(identity) } : {}),
        projects: options.projects,
        createProjectsOnUse: options.createProjectsOnUse,
        allowedOutward: options.allowedOutward,
      });
    },
    operator: (world) => {
      const { cluster, settings, identity } = this.#options;
      const { reportsPerSecond, logTtlSeconds } = settings;
      return startOperator({
        world,
        client: cluster.client(world),
        credential: identity?.credential,
        ...(settings.gateway === false ? {} : { gatewayUrl: `http://${gatewayAddress}` }),
        ...(settings.content === false ? {} : { contentUrl: `http://${contentAddress}` }),
        ...(reportsPerSecond === undefined ? {} : { reports: { requestsPerSecond: reportsPerSecond } }),
        ...(logTtlSeconds === undefined ? {} : { logs: { ttlSeconds: logTtlSeconds } }),
      });
    },
  };
}
