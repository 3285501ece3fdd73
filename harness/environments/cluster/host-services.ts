/**
 * Operator, gateway and managed content for one scenario, in this process and in real time, each in a mortal World of
 * its own. Disk and database stay when a service is killed.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openFolderBlobs } from '../../../fabric/content/blobs/folder/folder.ts';
import { startContent } from '../../../fabric/content/server.ts';
import { startGateway } from '../../../fabric/gateway/server.ts';
import { openEmbeddedStore } from '../../../fabric/gateway/stores/embedded/store.ts';
import { startOperator } from '../../../fabric/operator/operator.ts';
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { withinNamespace } from '../../../kubernetes/one-namespace.ts';
import type { Log, LogFacts } from '../../../world/log.ts';
import type { World } from '../../../world/world.ts';
import type { Report } from '../../recording/recording.ts';
import { freePorts } from '../controlplane/free-ports.ts';
import { silentLog } from '../controlplane/own-world.ts';
import { type ServiceWorld, serviceWorld } from '../controlplane/service-world.ts';
import { HOST } from '../controlplane/site.ts';
import type { FabricService, FabricSettings, GatewayAccess, SentRequest } from '../environment.ts';
import { accessOf, type FabricIdentity, newIdentity } from '../identity.ts';
import { httpAccess } from '../sim/access.ts';
import { reportMessage } from '../sim/reports.ts';
import type { FabricServices } from './services.ts';

export interface HostServicesOptions {
  /** The harness', from which gateway and content are asked. */
  readonly world: World;
  readonly settings: FabricSettings;
  readonly namespace: string;
  /** For content. */
  readonly folder: string;
  clientOf(world: World): KubernetesClient;
  onRequest(service: FabricService, request: SentRequest): void;
}

interface RunningService {
  readonly own: ServiceWorld;
  stop(): Promise<void>;
}

export class HostServices implements FabricServices {
  readonly gateway: GatewayAccess | undefined;
  readonly content: GatewayAccess | undefined;
  readonly seesRequests = true;
  readonly #options: HostServicesOptions;
  readonly #identity: FabricIdentity;
  readonly #database = new DatabaseSync(':memory:');
  readonly #running = new Map<FabricService, RunningService>();
  readonly #reports: Report[] = [];

  /** Picks the services' addresses, which they keep over restarts. */
  static async prepare(options: HostServicesOptions): Promise<HostServices> {
    const [gatewayPort, contentPort] = await freePorts(2);
    return new HostServices(options, `${HOST}:${gatewayPort}`, `${HOST}:${contentPort}`);
  }

  private constructor(options: HostServicesOptions, gatewayAddress: string, contentAddress: string) {
    this.#options = options;
    const { world, settings } = options;
    this.#identity = newIdentity(world.random);
    const access = (address: string, authorization: () => string) =>
      httpAccess(world, `http://${address}`, authorization);
    this.gateway =
      settings.gateway === false
        ? undefined
        : access(gatewayAddress, () => this.#identity.userAuthorization(world.clock.now()));
    this.content =
      settings.content === false ? undefined : access(contentAddress, () => `Bearer ${this.#identity.credential}`);
  }

  async up(): Promise<void> {
    for (const service of this.#names) await this.start(service);
  }

  isRunning(service: FabricService): boolean {
    return this.#running.has(service);
  }

  /** One that runs is left alone. */
  async start(service: FabricService): Promise<void> {
    if (this.isRunning(service)) return;
    const { onRequest } = this.#options;
    const log = service === 'gateway' ? this.#gatewayLog() : silentLog;
    const own = serviceWorld(service, log, (request) => onRequest(service, request));
    // One that is still starting may wait for a cluster that is gone: it can only be killed.
    const running: RunningService = { own, stop: () => own.kill() };
    this.#running.set(service, running);
    const { stop } = await this.#starters[service](own.world);
    // Killed meanwhile, it stays dead.
    if (this.#running.get(service) === running) this.#running.set(service, { own, stop });
  }

  /** Ends a service at once; what it was about to write is not written. */
  async kill(service: FabricService): Promise<void> {
    const running = this.#running.get(service);
    this.#running.delete(service);
    await running?.own.kill();
  }

  async reports(): Promise<readonly Report[]> {
    return this.#reports;
  }

  /** A service in this process ends with it. */
  async mishaps(): Promise<readonly string[]> {
    return [];
  }

  /** Stops all in order, the operator first. */
  async stop(): Promise<void> {
    for (const service of this.#names.reverse()) {
      const running = this.#running.get(service);
      await running?.stop();
      await running?.own.close();
    }
    this.#running.clear();
    this.#database.close();
  }

  /** In the order in which they start. */
  get #names(): FabricService[] {
    const names: FabricService[] = [];
    if (this.content) names.push('content');
    if (this.gateway) names.push('gateway');
    return [...names, 'operator'];
  }

  /** The gateway's log line for each report that it took is where reports are seen. */
  #gatewayLog(): Log {
    return { ...silentLog, info: (message, facts = {}) => this.#noteReport(message, facts) };
  }

  #noteReport(message: string, { uid, name, state, accepted, created }: LogFacts): void {
    if (message !== reportMessage) return;
    this.#reports.push({
      at: this.#options.world.clock.now(),
      uid: String(uid),
      name: String(name),
      state: String(state),
      accepted: accepted === true,
      created: created === true,
    });
  }

  readonly #starters: Record<FabricService, (world: World) => Promise<{ stop(): Promise<void> }>> = {
    content: async (world) => {
      const blobs = await openFolderBlobs({ world, folder: join(this.#options.folder, 'content') });
      const { credential } = this.#identity;
      const { logTtlSeconds } = this.#options.settings;
      return startContent({
        ...{ world, address: addressOf(this.content?.url), hosts: [], blobs, credential },
        ...(logTtlSeconds === undefined ? {} : { ttlSecondsByPrefix: { 'tasks/': logTtlSeconds } }),
      });
    },
    gateway: (world) => {
      const { clientOf, namespace } = this.#options;
      return startGateway({
        world,
        address: addressOf(this.gateway?.url),
        hosts: [],
        store: openEmbeddedStore(this.#database),
        client: withinNamespace(clientOf(world), namespace),
        namespace,
        access: accessOf(this.#identity),
        createProjectsOnUse: true,
        ...(this.content?.url === undefined ? {} : { contentUrl: this.content?.url }),
      });
    },
    operator: (world) => {
      const { clientOf, namespace, settings } = this.#options;
      const { reportsPerSecond, logTtlSeconds } = settings;
      return startOperator({
        world,
        client: clientOf(world),
        namespace,
        credential: this.#identity.credential,
        ...(this.gateway?.url === undefined ? {} : { gatewayUrl: this.gateway?.url }),
        ...(this.content?.url === undefined ? {} : { contentUrl: this.content?.url }),
        ...(reportsPerSecond === undefined ? {} : { reports: { requestsPerSecond: reportsPerSecond } }),
        ...(logTtlSeconds === undefined ? {} : { logs: { ttlSeconds: logTtlSeconds } }),
      });
    },
  };
}

function addressOf(url: string | undefined): string {
  if (url === undefined) throw new TypeError('this Fabric runs without that service');
  return new URL(url).host;
}
