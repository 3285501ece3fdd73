/**
 * The seam between scenarios and wherever they run: a Fabric that is up. Simulated, on a control plane, on kind or on a
 * given cluster, a scenario sees only this.
 */
import type { KubernetesClient } from '../../kubernetes/client.ts';
import type { ApiFault } from '../../simulator/apiserver/faults/fault.ts';
import type { NetworkFault } from '../../world/simulated/faults.ts';
import type { Recording } from '../recording/recording.ts';

/** What an environment can do; a scenario names what it needs, and is "not here" where that is missing. */
export const abilities = [
  'virtual time',
  'network faults',
  'API faults',
  'operator restarts',
  /** Of all three, each with the disk that it had. */
  'service restarts',
  /** A service ends just as it sends a request. */
  'kills at a request',
  'log rotation',
  'real processes',
  'real containers',
  'python',
  /**
   * What skills bring along runs: the gateway reaches their daemons, and jobs reach the gateway. Not from this process.
   */
  'agents',
] as const;

export type Ability = (typeof abilities)[number];

export const fabricServices = ['operator', 'gateway', 'content'] as const;

export type FabricService = (typeof fabricServices)[number];

export interface EnvironmentClock {
  /** Epoch ms of the environment: virtual time in a simulation, the cluster's otherwise. */
  now(): number;
  /** Lets time pass. In a simulation this costs no real time. */
  sleep(durationMs: number): Promise<void>;
}

export interface EnvironmentFaults {
  /** Ends a service at once, without any clean-up of its own. */
  kill(service: FabricService): Promise<void>;
  /** Starts a service that was killed; it finds its disk and database as it left them. */
  start(service: FabricService): Promise<void>;
  /** Makes a fault of the network, or of the Kubernetes API, happen; the function heals it. */
  inject(fault: NetworkFault | ApiFault): () => void;
  /** Kills a service just as it sends its `count`th request that matches, before the request leaves. */
  killAtRequest(service: FabricService, matches: (request: SentRequest) => boolean, count?: number): void;
}

export interface SentRequest {
  readonly address: string;
  readonly method: string;
  readonly path: string;
}

export interface GatewayAccess {
  /** Base URL, for `fetch` of this access only. */
  readonly url: string;
  fetch(path: string, init?: GatewayRequest): Promise<GatewayAnswer>;
}

export interface GatewayRequest {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly text: string;
  /** A header of the answer, by its name in lower case. */
  header(name: string): string | undefined;
  json<T>(): T;
}

export interface Environment extends AsyncDisposable {
  readonly name: string;
  readonly abilities: ReadonlySet<Ability>;
  readonly kubernetes: KubernetesClient;
  readonly namespace: string;
  /** undefined where the scenario asked for an operator on its own. */
  readonly gateway: GatewayAccess | undefined;
  readonly content: GatewayAccess | undefined;
  readonly clock: EnvironmentClock;
  readonly faults: EnvironmentFaults;
  /** What was seen so far; grows as time passes. */
  readonly recording: Recording;
  /** Hash over everything that happened; empty where runs cannot be replayed. */
  traceHash(): string;
  readonly counts: { readonly traceEvents: number; readonly requests: number };
  /** Runs a promise to its end while time passes as it must. */
  settle<T>(work: Promise<T>): Promise<T>;
  /**
   * How this environment calls an image that scenarios name: `orrery/actor`, with a registry or a tag where it needs
   * one.
   */
  imageOf(image: string): string;
  /** A server that a pod runs, as it is reached from outside the cluster. */
  reach(url: string): GatewayAccess;
  /** Reads records and stored logs into the recording, for the judges. */
  collect(): Promise<void>;
  down(): Promise<void>;
}

/** What a scenario may ask of the Fabric that is brought up for it. */
export interface FabricSettings {
  /** Where virtual time begins, ISO 8601; 2026-01-01T00:00:00Z when absent. Real environments ignore it. */
  readonly startAt?: string;
  /** False: the operator runs without a gateway. */
  readonly gateway?: boolean;
  /** False: the operator runs without managed content. */
  readonly content?: boolean;
  /** Time to live of stored logs, seconds. */
  readonly logTtlSeconds?: number;
  /** Requests a second that the operator may send to the gateway. */
  readonly reportsPerSecond?: number;
  /** The nodes' log rotation; the kubelet's defaults (5 files of 10 MiB) when absent. */
  readonly logRotation?: {
    readonly maximumFiles: number;
    readonly maximumFileBytes: number;
    readonly checkIntervalMs?: number;
  };
}
