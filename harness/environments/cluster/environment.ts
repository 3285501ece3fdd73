/**
 * One scenario's Fabric on a real cluster: a namespace, operator, gateway and content of its own. The cluster is shared
 * with the scenarios beside it (`shared-cluster.ts`), and time is the machine's.
 */
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { deadlineSignal } from '../../../world/clock.ts';
import type { World } from '../../../world/world.ts';
import type { StoredLogFacts } from '../../invariants/logs.ts';
import { type Observer, startObserver } from '../../recording/observer.ts';
import { emptyRecording, type FaultSpan, type JobHistory, type Recording } from '../../recording/recording.ts';
import { scenarioProject } from '../../scenario/given.ts';
import { type OwnWorld, ownWorld } from '../controlplane/own-world.ts';
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
import type { PlayedEnvironment } from '../provider.ts';
import { httpAccess } from '../sim/access.ts';
import { collectLogs, collectRecords } from '../sim/collect.ts';
import { HostServices } from './host-services.ts';
import type { ServicePlacement } from './service-placement.ts';
import type { FabricServices } from './services.ts';
import type { RunOutputs, SharedCluster } from './shared-cluster.ts';

/**
 * Operator, gateway and content must be up within this, ms; what is deployed has a deadline for each, with a diagnosis.
 */
const UP_DEADLINE_MS = 240_000;

/** The services' own pods are not part of what is judged. */
const TASK_PODS = 'app.kubernetes.io/part-of!=fabric';

export interface ClusterOptions {
  /** Of the environment: `controlplane`. */
  readonly name: string;
  readonly cluster: SharedCluster;
  readonly abilities: ReadonlySet<Ability>;
  readonly settings: FabricSettings;
  readonly namespace: string;
  /** Where operator, gateway and content run. */
  readonly place: ServicePlacement;
  /** When it was asked for, epoch ms. */
  readonly begun: number;
}

export class NoSuchFaultError extends Error {
  override readonly name = 'NoSuchFaultError';

  constructor() {
    super('a real network has no faults to order: let the scenario need "network faults"');
  }
}

/** The scenario does what it did not say that it needs. */
export class NotOfDeployedError extends Error {
  override readonly name = 'NotOfDeployedError';

  constructor(what: string, ability: Ability) {
    super(`${what} is not possible with deployed services: let the scenario need "${ability}"`);
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
  readonly #options: ClusterOptions;
  readonly #cluster: SharedCluster;
  readonly #own: OwnWorld;
  readonly #services: FabricServices;
  readonly #watchers = new Set<(service: FabricService, request: SentRequest) => void>();
  readonly #outages = new Map<FabricService, FaultSpan>();
  #observer: Observer | undefined;
  #isHeld = false;
  /** Aborted when it is taken down: what comes up then goes no further. */
  readonly #ending = new AbortController();
  #outputs: RunOutputs | undefined;
  #requests = 0;
  #upMs = 0;

  /** Brings it up; ends what it began when that fails. */
  static async up(options: ClusterOptions): Promise<ClusterEnvironment> {
    const { cluster } = options;
    // Its turn may come when the run has ended.
    cluster.signal.throwIfAborted();
    const own = ownWorld('harness');
    const onRequest = (service: FabricService, request: SentRequest) => environment.#noteRequest(service, request);
    const services = await servicesFor(options, own.world, onRequest);
    const environment: ClusterEnvironment = new ClusterEnvironment(options, own, services);
    try {
      const deadline = deadlineSignal(cluster.world.clock, UP_DEADLINE_MS, 'bringing up Fabric', cluster.signal);
      await unless(deadline.signal, environment.#bringUp()).finally(() => deadline.clear());
      return environment;
    } catch (error) {
      await environment.down();
      throw error;
    }
  }

  private constructor(options: ClusterOptions, own: OwnWorld, services: FabricServices) {
    const { name, cluster, abilities, namespace } = options;
    this.name = name;
    this.#options = options;
    this.abilities = abilities;
    this.namespace = namespace;
    this.#cluster = cluster;
    this.#services = services;
    this.#own = own;
    this.kubernetes = cluster.clientOf(this.#world);
    this.gateway = services.gateway;
    this.content = services.content;
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

  get services(): { readonly at: string; readonly upMs: number } {
    return { at: this.#options.place.words, upMs: this.#upMs };
  }

  traceHash(): string {
    return '';
  }

  get counts(): { readonly traceEvents: number; readonly requests: number } {
    return { traceEvents: 0, requests: this.#requests };
  }

  async settle<T>(work: Promise<T>): Promise<T> {
    this.#goOn();
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

  /**
   * What is judged in one go is one instant, as in a simulation: until the scenario does something else, nothing more
   * is seen.
   */
  async collect(): Promise<void> {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#observer?.hold();
    this.recording.endedAt = this.#now;
    const collected = Promise.all([this.#collectReports(), this.#collectRecords(), this.#collectLogs()]);
    try {
      await unless(this.#cluster.signal, collected);
    } catch (error) {
      // Nothing is judged by halves.
      this.#goOn();
      throw error;
    }
    await this.#outputs?.settled();
  }

  written(job: JobHistory): StoredLogFacts | undefined {
    return this.#outputs?.of(job);
  }

  impurities(): readonly string[] {
    return [];
  }

  mishaps(): Promise<readonly string[]> {
    return unless(this.#cluster.signal, this.#services.mishaps());
  }

  /** The namespace goes in the background: what still runs in it must not keep the others' machine busy. */
  async down(): Promise<void> {
    this.#ending.abort(new Error(`${this.namespace} is taken down`));
    await this.#services.stop();
    if (!this.#cluster.signal.aborted) await this.#cluster.release(this.namespace);
    await this.#own.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.down();
  }

  async #bringUp(): Promise<void> {
    const { namespace, recording, kubernetes } = this;
    const { signal } = this.#ending;
    await this.#cluster.claim(namespace);
    signal.throwIfAborted();
    this.#outputs = await this.#cluster.outputsIn(namespace, signal);
    signal.throwIfAborted();
    await this.#services.up();
    signal.throwIfAborted();
    this.#observer = await startObserver({
      world: this.#world,
      client: kubernetes,
      namespace,
      recording,
      podSelector: TASK_PODS,
      signal,
    });
    this.recording.endedAt = this.#now;
    this.#upMs = this.#now - this.#options.begun;
  }

  async #collectReports(): Promise<void> {
    const reports = await this.#services.reports();
    this.recording.reports.splice(0, this.recording.reports.length, ...reports);
  }

  async #collectRecords(): Promise<void> {
    if (!this.gateway || !this.#services.isRunning('gateway')) return;
    this.recording.records = await collectRecords(this.gateway, scenarioProject);
  }

  async #collectLogs(): Promise<void> {
    if (!this.content || !this.#services.isRunning('content')) return;
    this.recording.logs = await collectLogs(this.content, scenarioProject);
  }

  #goOn(): void {
    this.#isHeld = false;
    this.#observer?.goOn();
  }

  #noteRequest(service: FabricService, request: SentRequest): void {
    this.#requests++;
    for (const watcher of this.#watchers) watcher(service, request);
  }

  async #kill(service: FabricService): Promise<void> {
    if (!this.#services.isRunning(service)) return;
    // What deployed ones store without a database is on their pod's own disk.
    if (!this.#services.seesRequests && service !== 'operator') {
      throw new NotOfDeployedError(`to kill the ${service} and keep what it stores`, 'service restarts');
    }
    this.#goOn();
    const span: FaultSpan = { description: `${service} down`, service, from: this.#now };
    this.recording.faults.push(span);
    this.#outages.set(service, span);
    await this.#services.kill(service);
  }

  async #start(service: FabricService): Promise<void> {
    await this.#services.start(service);
    const outage = this.#outages.get(service);
    if (outage) outage.to = this.#now;
    this.#outages.delete(service);
  }

  #killAtRequest(service: FabricService, matches: (request: SentRequest) => boolean, count: number): void {
    if (!this.#services.seesRequests) {
      throw new NotOfDeployedError(`to kill the ${service} at a request`, 'kills at a request');
    }
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

async function servicesFor(
  { cluster, place, namespace, settings }: ClusterOptions,
  world: World,
  onRequest: (service: FabricService, request: SentRequest) => void,
): Promise<FabricServices> {
  if (place.where === 'deployed') {
    if (!cluster.deploy) throw new TypeError(`nothing can be deployed in ${namespace}`);
    return cluster.deploy(world, namespace, settings);
  }
  return HostServices.prepare({
    world,
    settings,
    namespace,
    folder: `${cluster.folder}/${namespace}`,
    clientOf: (other) => cluster.clientOf(other),
    onRequest,
  });
}
