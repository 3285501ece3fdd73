/**
 * Operator, gateway and managed content for one scenario, in this process and in real time, each in a mortal World of its own. Disk and
 * database stay when a service is killed.
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
import type { Log } from '../../../world/log.ts';
import type { World } from '../../../world/world.ts';
import { freePorts } from '../controlplane/free-ports.ts';
import { type ServiceWorld, serviceWorld } from '../controlplane/service-world.ts';
import { HOST } from '../controlplane/site.ts';
import type { FabricService, FabricSettings, SentRequest } from '../environment.ts';

export interface FabricOptions {
  readonly settings: FabricSettings;
  readonly namespace: string;
  /** For content. */
  readonly folder: string;
  clientOf(world: World): KubernetesClient;
  logOf(service: FabricService): Log;
  onRequest(service: FabricService, request: SentRequest): void;
}

interface RunningService {
  readonly own: ServiceWorld;
  stop(): Promise<void>;
}

export class Fabric {
  readonly gatewayUrl: string | undefined;
  readonly contentUrl: string | undefined;
  readonly #options: FabricOptions;
  readonly #database = new DatabaseSync(':memory:');
  readonly #running = new Map<FabricService, RunningService>();

  /** Picks the services' addresses, which they keep over restarts. */
  static async prepare(options: FabricOptions): Promise<Fabric> {
    const [gatewayPort, contentPort] = await freePorts(2);
    return new Fabric(options, `${HOST}:${gatewayPort}`, `${HOST}:${contentPort}`);
  }

  private constructor(options: FabricOptions, gatewayAddress: string, contentAddress: string) {
    this.#options = options;
    this.gatewayUrl = options.settings.gateway === false ? undefined : `http://${gatewayAddress}`;
    this.contentUrl = options.settings.content === false ? undefined : `http://${contentAddress}`;
  }

  /** In the order in which they start. */
  get names(): FabricService[] {
    const names: FabricService[] = [];
    if (this.contentUrl !== undefined) names.push('content');
    if (this.gatewayUrl !== undefined) names.push('gateway');
    return [...names, 'operator'];
  }

  isRunning(service: FabricService): boolean {
    return this.#running.has(service);
  }

  /** One that runs is left alone. */
  async start(service: FabricService): Promise<void> {
    if (this.isRunning(service)) return;
    const { logOf, onRequest } = this.#options;
    const own = serviceWorld(service, logOf(service), (request) => onRequest(service, request));
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

  /** Stops all in order, the operator first. */
  async stop(): Promise<void> {
    for (const service of this.names.reverse()) {
      const running = this.#running.get(service);
      await running?.stop();
      await running?.own.close();
    }
    this.#running.clear();
    this.#database.close();
  }

  readonly #starters: Record<FabricService, (world: World) => Promise<{ stop(): Promise<void> }>> = {
    content: async (world) => {
      const blobs = await openFolderBlobs({ world, folder: join(this.#options.folder, 'content') });
      return startContent({ world, address: addressOf(this.contentUrl), blobs });
    },
    gateway: (world) => {
      const { clientOf, namespace } = this.#options;
      return startGateway({
        world,
        address: addressOf(this.gatewayUrl),
        store: openEmbeddedStore(this.#database),
        client: withinNamespace(clientOf(world), namespace),
        namespace,
        ...(this.contentUrl === undefined ? {} : { contentUrl: this.contentUrl }),
      });
    },
    operator: (world) => {
      const { clientOf, namespace, settings } = this.#options;
      const { reportsPerSecond, logTtlSeconds } = settings;
      return startOperator({
        world,
        client: clientOf(world),
        namespace,
        ...(this.gatewayUrl === undefined ? {} : { gatewayUrl: this.gatewayUrl }),
        ...(this.contentUrl === undefined ? {} : { contentUrl: this.contentUrl }),
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
