/**
 * A whole Fabric on a simulated Kubernetes, as scenarios see it. How time passes, which images run and where files are
 * is the kind's to say (`kinds.ts`).
 */
import { DatabaseSync } from 'node:sqlite';
import type { PersonalAccessToken } from '../../../fabric/identity/personal-access-token.ts';
import { actor } from '../../../fixtures/actor/actor.ts';
import { skillPrograms } from '../../../fixtures/skills/programs.ts';
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { type ApiFault, isApiFault } from '../../../simulator/apiserver/faults/fault.ts';
import type { LocalImages } from '../../../simulator/node/runtimes/processes/local-images.ts';
import type { ProcessPorts } from '../../../simulator/node/runtimes/processes/ports.ts';
import type { NetworkFault } from '../../../world/simulated/faults.ts';
import { type Guard, startGuard } from '../../../world/simulated/guard.ts';
import { type SimulatedProcess, Simulation } from '../../../world/simulated/simulation.ts';
import type { TraceEvent, TraceSink } from '../../../world/simulated/trace.ts';
import type { WayOut } from '../../../world/simulated/way-out.ts';
import type { World } from '../../../world/world.ts';
import { checkParties } from '../../faults/parties.ts';
import type { StoredLogFacts } from '../../invariants/logs.ts';
import { noteExchange } from '../../recording/exchanges.ts';
import { startObserver } from '../../recording/observer.ts';
import { emptyRecording, type FaultSpan, type JobHistory, type Recording } from '../../recording/recording.ts';
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
import { fabricGateway } from '../gateway-program.ts';
import { newIdentity } from '../identity.ts';
import type { PlayedEnvironment } from '../provider.ts';
import { httpAccess } from './access.ts';
import { bringUpFabric } from './bring-up.ts';
import { SimulatedCluster } from './cluster.ts';
import { collectLogs, collectRecords } from './collect.ts';
import { contentAddress, gatewayAddress } from './names.ts';
import { Outputs } from './outputs.ts';
import type { Passage } from './passage.ts';
import { reportOf } from './reports.ts';
import { Services } from './services.ts';

const namespace = 'fabric';

/** What makes one kind of simulated environment different from another. */
export interface SimulatedOptions {
  readonly name: string;
  readonly abilities: ReadonlySet<Ability>;
  readonly settings: FabricSettings;
  readonly seed: number;
  /** Epoch ms. */
  readonly startAt: number;
  /** Part of the options of the simulation: the machine's files and processes, if it uses them. */
  readonly machine?: Pick<ConstructorParameters<typeof Simulation>[0], 'files' | 'processes'>;
  readonly images?: LocalImages;
  /** Ports of this machine for local commands. */
  readonly ports?: ProcessPorts;
  /** Where requests go that nobody in the simulation takes. */
  readonly wayOut?: (address: string) => WayOut | undefined;
  /** Folder of nodes and content on the World's disk. */
  readonly folder: string;
  /** Address of the one node: a real one where real programs listen on it. */
  readonly nodeHost: string;
  passage(simulation: Simulation): Passage;
  /** The World from which scenarios reach what pods serve. */
  outside(harness: SimulatedProcess): World;
  /** Machine time read behind the World's back makes a run worthless where it must be replayable. */
  readonly guarded: boolean;
  /** Receives each event of the trace. */
  readonly sink?: TraceSink;
  cleanUp?(): void;
}

export class SimulatedEnvironment implements PlayedEnvironment {
  readonly name: string;
  readonly abilities: ReadonlySet<Ability>;
  readonly namespace = namespace;
  readonly kubernetes: KubernetesClient;
  readonly gateway: GatewayAccess | undefined;
  readonly content: GatewayAccess | undefined;
  readonly clock: EnvironmentClock;
  readonly faults: EnvironmentFaults;
  readonly recording: Recording;
  /** With which a client of the field is configured. */
  readonly tokenFile: PersonalAccessToken;
  readonly #options: SimulatedOptions;
  readonly #simulation: Simulation;
  readonly #passage: Passage;
  readonly #cluster: SimulatedCluster;
  readonly #services: Services;
  readonly #outputs = new Outputs();
  readonly #harness: SimulatedProcess;
  readonly #guard: Guard | undefined;
  readonly #outages = new Map<FabricService, FaultSpan>();
  #requests = 0;
  /** Nothing has happened since records and logs were read. */
  #isCollected = false;

  /** Brings it up; ends what it began when that fails. */
  static async up(options: SimulatedOptions): Promise<SimulatedEnvironment> {
    const environment = new SimulatedEnvironment(options);
    try {
      await environment.#passage.run(environment.#bringUp());
      return environment;
    } catch (error) {
      await environment.down();
      throw error;
    }
  }

  private constructor(options: SimulatedOptions) {
    const { settings, seed, startAt, machine, images, folder } = options;
    this.#options = options;
    this.name = options.name;
    this.abilities = options.abilities;
    this.recording = emptyRecording(startAt);
    this.#guard = options.guarded ? startGuard() : undefined;
    const simulation = new Simulation({ seed, startAt, ...machine, sink: (event) => this.#note(event) });
    this.#simulation = simulation;
    if (options.wayOut) simulation.network.leadOutBy(options.wayOut);
    this.#passage = options.passage(simulation);
    this.#cluster = new SimulatedCluster({
      simulation,
      programs: {
        'orrery/actor': this.#outputs.counted(actor),
        'orrery/actor-next': this.#outputs.counted(actor),
        ...skillPrograms,
        'orrery/gateway': fabricGateway,
      },
      ...(images ? { images } : {}),
      ...(options.ports ? { ports: options.ports } : {}),
      ...(settings.logRotation ? { logRotation: settings.logRotation } : {}),
      folder: `${folder}/nodes`,
    });
    this.#harness = simulation.process('harness');
    const identity = newIdentity(this.#harness.random);
    this.tokenFile = identity.personalAccessToken(`http://${gatewayAddress}`);
    this.#services = new Services({
      simulation,
      cluster: this.#cluster,
      settings,
      namespace,
      database: new DatabaseSync(':memory:'),
      contentFolder: `${folder}/content`,
      identity,
      createProjectsOnUse: true,
    });
    this.kubernetes = this.#cluster.client(this.#harness);
    const access = (address: string, authorization: () => string) =>
      httpAccess(this.#harness, `http://${address}`, authorization);
    this.gateway =
      settings.gateway === false
        ? undefined
        : access(gatewayAddress, () => identity.userAuthorization(simulation.now()));
    this.content =
      settings.content === false ? undefined : access(contentAddress, () => `Bearer ${identity.credential}`);
    this.clock = {
      now: () => simulation.now(),
      sleep: async (durationMs) => {
        this.#isCollected = false;
        await this.#passage.sleep(durationMs);
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
    return this.#options.guarded ? this.#simulation.trace.hash() : '';
  }

  get counts(): { readonly traceEvents: number; readonly requests: number } {
    return { traceEvents: this.#simulation.trace.events, requests: this.#requests };
  }

  async settle<T>(work: Promise<T>): Promise<T> {
    this.#isCollected = false;
    const result = await this.#passage.run(work);
    this.recording.endedAt = this.#simulation.now();
    return result;
  }

  imageOf(image: string): string {
    return image;
  }

  reach(url: string): GatewayAccess {
    return httpAccess(this.#options.outside(this.#harness), url);
  }

  /** Sentences that follow each other judge one instant: what was read for the first holds for all, in virtual time. */
  async collect(): Promise<void> {
    if (this.#isCollected) return;
    if (this.gateway && this.#services.isRunning('gateway')) {
      this.recording.records = await this.settle(collectRecords(this.gateway, scenarioProject));
    }
    if (this.content && this.#services.isRunning('content')) {
      this.recording.logs = await this.settle(collectLogs(this.content, scenarioProject));
    }
    this.#isCollected = this.abilities.has('virtual time');
  }

  written(job: JobHistory): StoredLogFacts | undefined {
    return this.#outputs.of(job);
  }

  impurities(): readonly string[] {
    return this.#guard?.violations ?? [];
  }

  async down(): Promise<void> {
    if (!this.abilities.has('virtual time')) await this.#cluster.stop();
    await this.#passage.stop();
    this.#simulation.shutDown();
    this.#guard?.release();
    this.#options.cleanUp?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.down();
  }

  async #bringUp(): Promise<void> {
    const world = this.#harness;
    const client = this.kubernetes;
    await bringUpFabric({
      cluster: this.#cluster,
      services: this.#services,
      world,
      client,
      namespace,
      nodeHost: this.#options.nodeHost,
    });
    // A scenario may use more namespaces than one: nobody else is in this cluster.
    await startObserver({ world, client, recording: this.recording });
  }

  #note(event: TraceEvent): void {
    this.#options.sink?.(event);
    if (event.type === 'request') this.#requests++;
    noteExchange(this.recording, event);
    const report = reportOf(event);
    if (report) this.recording.reports.push(report);
  }

  #kill(service: FabricService): void {
    this.#isCollected = false;
    if (!this.#services.isRunning(service)) return;
    this.#services.kill(service);
    this.#outages.set(service, this.#span(`${service} down`, service));
  }

  async #start(service: FabricService): Promise<void> {
    this.#isCollected = false;
    await this.#services.start(service);
    const outage = this.#outages.get(service);
    if (outage) outage.to = this.#simulation.now();
    this.#outages.delete(service);
  }

  #inject(fault: NetworkFault | ApiFault): () => void {
    if (!isApiFault(fault)) checkParties(fault, this.#simulation);
    const active = isApiFault(fault) ? this.#cluster.injectApiFault(fault) : this.#simulation.network.inject(fault);
    const span = this.#span(active.description);
    return () => {
      active.heal();
      span.to = this.#simulation.now();
    };
  }

  #span(description: string, service?: FabricService): FaultSpan {
    const span: FaultSpan = { description, ...(service ? { service } : {}), from: this.#simulation.now() };
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
