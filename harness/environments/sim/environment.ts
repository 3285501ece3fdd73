import { DatabaseSync } from 'node:sqlite';
import { definitions } from '../../../fabric/task/crd.ts';
import { actor } from '../../../fixtures/actor/actor.ts';
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { customResourceDefinitions } from '../../../kubernetes/resources.ts';
import { type Guard, startGuard } from '../../../world/simulated/guard.ts';
import { type SimulatedProcess, Simulation } from '../../../world/simulated/simulation.ts';
import type { TraceEvent } from '../../../world/simulated/trace.ts';
import type { StoredLogFacts } from '../../invariants/logs.ts';
import { startObserver } from '../../recording/observer.ts';
import { emptyRecording, type FaultSpan, type JobHistory, type Recording } from '../../recording/recording.ts';
import type { EnvironmentKind, PlayedEnvironment } from '../../runner/play.ts';
import { scenarioProject } from '../../scenario/given.ts';
import type {
  Ability,
  EnvironmentClock,
  EnvironmentFaults,
  FabricService,
  FabricSettings,
  GatewayAccess,
  SentRequest,
} from '../environment.ts';
import { httpAccess } from './access.ts';
import { SimulatedCluster } from './cluster.ts';
import { collectLogs, collectRecords } from './collect.ts';
import { Outputs } from './outputs.ts';
import { reportOf } from './reports.ts';
import { contentAddress, gatewayAddress, Services } from './services.ts';

const DEFAULT_START = '2026-01-01T00:00:00Z';
const namespace = 'fabric';

const abilities: ReadonlySet<Ability> = new Set([
  'virtual time',
  'network faults',
  'service restarts',
  'log rotation',
] as const);

export const simulated: EnvironmentKind = {
  name: 'sim',
  abilities,
  up: (settings, seed) => SimulatedEnvironment.up(settings, seed),
};

export class SimulatedEnvironment implements PlayedEnvironment {
  readonly name = 'sim';
  readonly abilities = abilities;
  readonly namespace = namespace;
  readonly kubernetes: KubernetesClient;
  readonly gateway: GatewayAccess | undefined;
  readonly content: GatewayAccess | undefined;
  readonly clock: EnvironmentClock;
  readonly faults: EnvironmentFaults;
  readonly recording: Recording;
  readonly #simulation: Simulation;
  readonly #cluster: SimulatedCluster;
  readonly #services: Services;
  readonly #outputs = new Outputs();
  readonly #harness: SimulatedProcess;
  readonly #guard: Guard;
  readonly #outages = new Map<FabricService, FaultSpan>();
  #requests = 0;

  static async up(settings: FabricSettings, seed: number): Promise<SimulatedEnvironment> {
    const environment = new SimulatedEnvironment(settings, seed);
    try {
      await environment.#simulation.run(environment.#bringUp(settings));
      return environment;
    } catch (error) {
      await environment.down();
      throw error;
    }
  }

  private constructor(settings: FabricSettings, seed: number) {
    const startAt = Date.parse(settings.startAt ?? DEFAULT_START);
    this.recording = emptyRecording(startAt);
    this.#guard = startGuard();
    this.#simulation = new Simulation({ seed, startAt, sink: (event) => this.#note(event) });
    const simulation = this.#simulation;
    this.#cluster = new SimulatedCluster({
      simulation,
      programs: { 'orrery/actor': this.#outputs.counted(actor) },
      ...(settings.logRotation ? { logRotation: settings.logRotation } : {}),
    });
    this.#services = new Services({
      simulation,
      cluster: this.#cluster,
      settings,
      database: new DatabaseSync(':memory:'),
      contentFolder: '/content',
    });
    this.#harness = simulation.process('harness');
    this.kubernetes = this.#cluster.client(this.#harness);
    this.gateway = settings.gateway === false ? undefined : httpAccess(this.#harness, `http://${gatewayAddress}`);
    this.content = settings.content === false ? undefined : httpAccess(this.#harness, `http://${contentAddress}`);
    this.clock = {
      now: () => simulation.now(),
      sleep: async (durationMs) => {
        await simulation.advance(durationMs);
        this.recording.endedAt = simulation.now();
      },
    };
    this.faults = {
      kill: async (service) => this.#kill(service),
      start: (service) => this.#start(service),
      inject: (fault) => this.#inject(fault),
      killAtRequest: (service, matches, count = 1) => this.#killAtRequest(service, matches, count),
    };
  }

  traceHash(): string {
    return this.#simulation.trace.hash();
  }

  get counts(): { readonly traceEvents: number; readonly requests: number } {
    return { traceEvents: this.#simulation.trace.events, requests: this.#requests };
  }

  async settle<T>(work: Promise<T>): Promise<T> {
    const result = await this.#simulation.run(work);
    this.recording.endedAt = this.#simulation.now();
    return result;
  }

  async collect(): Promise<void> {
    if (this.gateway && this.#services.isRunning('gateway')) {
      this.recording.records = await this.settle(collectRecords(this.gateway, scenarioProject));
    }
    if (this.content && this.#services.isRunning('content')) {
      this.recording.logs = await this.settle(collectLogs(this.content, scenarioProject));
    }
  }

  written(job: JobHistory): StoredLogFacts | undefined {
    return this.#outputs.of(this.recording, job);
  }

  impurities(): readonly string[] {
    return this.#guard.violations;
  }

  async down(): Promise<void> {
    this.#simulation.shutDown();
    this.#guard.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.down();
  }

  async #bringUp(settings: FabricSettings): Promise<void> {
    await this.#cluster.startApiServer();
    await this.#cluster.startNode('node-1', '10.0.0.1');
    await this.#cluster.createNamespace(this.kubernetes, namespace);
    for (const definition of definitions)
      await this.kubernetes.create(customResourceDefinitions, undefined, definition);
    // A custom resource is served shortly after its definition is (semantics 1.16).
    await this.#harness.clock.sleep(2000);
    for (const service of this.#services.names) await this.#services.start(service);
    await startObserver({ world: this.#harness, client: this.kubernetes, namespace, recording: this.recording });
    const startAt = Date.parse(settings.startAt ?? DEFAULT_START);
    // Scenarios reckon in whole minutes from here.
    const readyAt = this.#harness.clock.now();
    if (readyAt - startAt > 30_000) throw new Error(`bringing up took ${readyAt - startAt} ms of virtual time`);
  }

  #note(event: TraceEvent): void {
    if (event.type === 'request') this.#requests++;
    const report = reportOf(event);
    if (report) this.recording.reports.push(report);
  }

  #kill(service: FabricService): void {
    if (!this.#services.isRunning(service)) return;
    this.#services.kill(service);
    this.#outages.set(service, this.#span(`${service} down`));
  }

  async #start(service: FabricService): Promise<void> {
    await this.#services.start(service);
    const outage = this.#outages.get(service);
    if (outage) outage.to = this.#simulation.now();
    this.#outages.delete(service);
  }

  #inject(fault: Parameters<EnvironmentFaults['inject']>[0]): () => void {
    const active = this.#simulation.network.inject(fault);
    const span = this.#span(active.description);
    return () => {
      active.heal();
      span.to = this.#simulation.now();
    };
  }

  #span(description: string): FaultSpan {
    const span: FaultSpan = { description, from: this.#simulation.now() };
    this.recording.faults.push(span);
    return span;
  }

  #killAtRequest(service: FabricService, matches: (request: SentRequest) => boolean, count: number): void {
    let left = count;
    const stop = this.#simulation.network.observe((request) => {
      if (request.from !== service || !matches(request) || --left > 0) return;
      stop();
      this.#kill(service);
    });
  }
}
