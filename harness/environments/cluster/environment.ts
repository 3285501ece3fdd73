/**
 * One scenario's Fabric on a real cluster: a namespace, operator, gateway and content of its own. The cluster is shared with
 * the scenarios beside it (`shared-cluster.ts`), and time is the machine's.
 */
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { deadlineSignal } from '../../../world/clock.ts';
import type { Log, LogFacts } from '../../../world/log.ts';
import type { World } from '../../../world/world.ts';
import type { StoredLogFacts } from '../../invariants/logs.ts';
import { startObserver } from '../../recording/observer.ts';
import { emptyRecording, type FaultSpan, type JobHistory, type Recording } from '../../recording/recording.ts';
import type { PlayedEnvironment } from '../../runner/play.ts';
import { scenarioProject } from '../../scenario/given.ts';
import { createNamespace } from '../controlplane/namespace.ts';
import { type OwnWorld, ownWorld, silentLog } from '../controlplane/own-world.ts';
import { unless } from '../controlplane/unless.ts';
import type {
  Ability,
  EnvironmentClock,
  EnvironmentFaults,
  FabricService,
  FabricSettings,
  GatewayAccess,
  SentRequest,
} from '../environment.ts';
import { httpAccess } from '../sim/access.ts';
import { collectLogs, collectRecords } from '../sim/collect.ts';
import { reportMessage } from '../sim/reports.ts';
import { Fabric } from './fabric.ts';
import type { RunOutputs, SharedCluster } from './shared-cluster.ts';

/** Operator, gateway and content must be up within this, ms. */
const UP_DEADLINE_MS = 120_000;

export interface ClusterOptions {
  /** Of the environment: `controlplane`. */
  readonly name: string;
  readonly cluster: SharedCluster;
  readonly abilities: ReadonlySet<Ability>;
  readonly settings: FabricSettings;
  readonly namespace: string;
}

export class NoSuchFaultError extends Error {
  override readonly name = 'NoSuchFaultError';

  constructor() {
    super('a real network has no faults to order: let the scenario need "network faults"');
  }
}

export class ClusterEnvironment implements PlayedEnvironment {
  readonly name: string;
  readonly abilities: ReadonlySet<Ability>;
  readonly namespace: string;
  readonly kubernetes: KubernetesClient;
  readonly gateway: GatewayAccess | undefined;
  readonly content: GatewayAccess | undefined;
  readonly clock: EnvironmentClock;
  readonly faults: EnvironmentFaults;
  readonly recording: Recording;
  readonly #cluster: SharedCluster;
  readonly #own: OwnWorld;
  readonly #fabric: Fabric;
  readonly #watchers = new Set<(service: FabricService, request: SentRequest) => void>();
  readonly #outages = new Map<FabricService, FaultSpan>();
  #stopObserver: () => void = () => undefined;
  #outputs: RunOutputs | undefined;
  #requests = 0;

  /** Brings it up; ends what it began when that fails. */
  static async up(options: ClusterOptions): Promise<ClusterEnvironment> {
    const { cluster, namespace, settings } = options;
    const fabric = await Fabric.prepare({
      settings,
      namespace,
      folder: `${cluster.folder}/${namespace}`,
      clientOf: (world) => cluster.clientOf(world),
      logOf: (service) => (service === 'gateway' ? environment.#gatewayLog() : silentLog),
      onRequest: (service, request) => environment.#noteRequest(service, request),
    });
    const environment: ClusterEnvironment = new ClusterEnvironment(options, fabric);
    try {
      const deadline = deadlineSignal(cluster.world.clock, UP_DEADLINE_MS, 'bringing up Fabric', cluster.signal);
      await unless(deadline.signal, environment.#bringUp()).finally(() => deadline.clear());
      return environment;
    } catch (error) {
      await environment.down();
      throw error;
    }
  }

  private constructor({ name, cluster, abilities, namespace }: ClusterOptions, fabric: Fabric) {
    this.name = name;
    this.abilities = abilities;
    this.namespace = namespace;
    this.#cluster = cluster;
    this.#fabric = fabric;
    this.#own = ownWorld('harness');
    this.kubernetes = cluster.clientOf(this.#world);
    const access = (url: string | undefined) => (url === undefined ? undefined : httpAccess(this.#world, url));
    this.gateway = access(fabric.gatewayUrl);
    this.content = access(fabric.contentUrl);
    this.recording = emptyRecording(this.#now);
    this.clock = {
      now: () => this.#now,
      sleep: (durationMs) => this.settle(this.#world.clock.sleep(durationMs, cluster.signal)),
    };
    this.faults = {
      kill: (service) => this.#kill(service),
      start: (service) => this.#start(service),
      inject: () => {
        throw new NoSuchFaultError();
      },
      killAtRequest: (service, matches, count = 1) => this.#killAtRequest(service, matches, count),
    };
  }

  traceHash(): string {
    return '';
  }

  get counts(): { readonly traceEvents: number; readonly requests: number } {
    return { traceEvents: 0, requests: this.#requests };
  }

  async settle<T>(work: Promise<T>): Promise<T> {
    const result = await unless(this.#cluster.signal, work);
    this.recording.endedAt = this.#now;
    return result;
  }

  imageOf(image: string): string {
    return this.#cluster.imageOf(image);
  }

  reach(url: string): GatewayAccess {
    return httpAccess(this.#world, url);
  }

  async collect(): Promise<void> {
    if (this.gateway && this.#fabric.isRunning('gateway')) {
      this.recording.records = await this.settle(collectRecords(this.gateway, scenarioProject));
    }
    if (this.content && this.#fabric.isRunning('content')) {
      this.recording.logs = await this.settle(collectLogs(this.content, scenarioProject));
    }
    await this.#outputs?.settled();
  }

  written(job: JobHistory): StoredLogFacts | undefined {
    return this.#outputs?.of(job);
  }

  impurities(): readonly string[] {
    return [];
  }

  /** The namespace goes in the background: what still runs in it must not keep the others' machine busy. */
  async down(): Promise<void> {
    this.#stopObserver();
    this.#outputs?.stop();
    await this.#fabric.stop();
    if (!this.#cluster.signal.aborted) await this.#cluster.release(this.namespace);
    await this.#own.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.down();
  }

  async #bringUp(): Promise<void> {
    const { namespace, recording, kubernetes } = this;
    await createNamespace(kubernetes, this.#world.clock, namespace, this.#cluster.labels);
    this.#outputs = await this.#cluster.outputsIn(namespace);
    for (const service of this.#fabric.names) await this.#fabric.start(service);
    const observer = await startObserver({ world: this.#world, client: kubernetes, namespace, recording });
    this.#stopObserver = () => observer.stop();
    this.recording.endedAt = this.#now;
  }

  /** The gateway's log line for each report that it took is where reports are seen. */
  #gatewayLog(): Log {
    return { ...silentLog, info: (message, facts = {}) => this.#noteReport(message, facts) };
  }

  #noteReport(message: string, { uid, name, state, accepted, created }: LogFacts): void {
    if (message !== reportMessage) return;
    this.recording.reports.push({
      at: this.#now,
      uid: String(uid),
      name: String(name),
      state: String(state),
      accepted: accepted === true,
      created: created === true,
    });
  }

  #noteRequest(service: FabricService, request: SentRequest): void {
    this.#requests++;
    for (const watcher of this.#watchers) watcher(service, request);
  }

  async #kill(service: FabricService): Promise<void> {
    if (!this.#fabric.isRunning(service)) return;
    const span: FaultSpan = { description: `${service} down`, service, from: this.#now };
    this.recording.faults.push(span);
    this.#outages.set(service, span);
    await this.#fabric.kill(service);
  }

  async #start(service: FabricService): Promise<void> {
    await this.#fabric.start(service);
    const outage = this.#outages.get(service);
    if (outage) outage.to = this.#now;
    this.#outages.delete(service);
  }

  #killAtRequest(service: FabricService, matches: (request: SentRequest) => boolean, count: number): void {
    let left = count;
    const watcher = (from: FabricService, request: SentRequest) => {
      if (from !== service || !matches(request) || --left > 0) return;
      this.#watchers.delete(watcher);
      void this.#kill(service);
    };
    this.#watchers.add(watcher);
  }

  get #world(): World {
    return this.#own.world;
  }

  get #now(): number {
    return this.#own.world.clock.now();
  }
}
