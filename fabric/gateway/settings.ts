/** What the gateway is started with, and what its routes work on. */
import type { Dispatcher } from 'undici';
import type { KubernetesClient } from '../../kubernetes/client.ts';
import type { Clock } from '../../world/clock.ts';
import type { Network } from '../../world/network.ts';
import type { World } from '../../world/world.ts';
import type { SigningKey } from '../identity/key.ts';
import type { KeyedLock } from '../keyed-lock.ts';
import type { Access } from './access/access.ts';
import type { Snapshots } from './agents/snapshots.ts';
import type { Documents } from './documents/documents.ts';
import type { Projects } from './projects/projects.ts';
import type { Deployer } from './runtimes/deployer.ts';
import type { AgentDocument } from './schemas/agent.ts';
import type { ConnectionDocument } from './schemas/connection.ts';
import type { TypeDocument } from './schemas/type.ts';
import type { Secrets } from './secrets/secrets.ts';
import type { Sessions } from './sessions/sessions.ts';
import type { Action } from './skills/action.ts';
import type { SkillContent } from './skills/skill.ts';
import type { Store } from './stores/store.ts';
import type { TaskRecords } from './tasks/records.ts';
import type { UnrecordedPools } from './tasks/unrecorded-pools.ts';

export interface GatewayOptions {
  readonly world: World;
  /** `host:port` to listen on. */
  readonly address: string;
  /**
   * Names under which it may be asked besides those of this machine. Give it wherever a browser could reach the
   * service, empty or not: web pages are kept out then. Absent: whoever reaches it may ask.
   */
  readonly hosts?: readonly string[];
  /** Closed by whoever opened it. */
  readonly store: Store;
  /** Without one there are no schedules, no live logs and no new Tasks. */
  readonly client?: KubernetesClient;
  /** Namespace in which Tasks are made; `default` unless given. Tasks of all namespaces are listed. */
  readonly namespace?: string;
  /** Base URL of managed content, without a slash at its end. */
  readonly contentUrl?: string;
  /** Who may come in; absent: everybody, under the name `anonymous`. For loopback addresses only. */
  readonly access?: Access;
  /** Projects that there are from the start. */
  readonly projects?: readonly string[];
  /** A project that a request names is made when it is missing; false unless given. */
  readonly createProjectsOnUse?: boolean;
  /**
   * Paces followed logs and heartbeats towards clients, judges tokens, and is the clock of `serverTs`. The World's
   * unless given: give the machine's when clients are real and the World's time is not (contract 1.4, 2.2).
   */
  readonly pacingClock?: Clock;
  /** Bytes of a log that are answered as one string; 1 MiB unless given. */
  readonly logTextBytesMaximum?: number;
  /**
   * Where jobs and daemons reach the gateway; the Service `cortex-internal` of namespace `cortex` unless given
   * (contract 3.13).
   */
  readonly apiEndpoint?: string;
  /** False: no records are written, and tasks are told by the cluster alone; true unless given. */
  readonly persistTasks?: boolean;
  /** Seconds that records of tasks and activations are kept after their end; 30 days unless given. */
  readonly recordRetentionSeconds?: number;
  /** Image of the runs of scheduled agents: the gateway's own. */
  readonly invokeImage?: string;
  /** Hosts, with or without a port, that clients may make it ask although they stand inside. */
  readonly allowedOutward?: readonly string[] | undefined;
  /** Kinds of resources that skills may bring along; ConfigMap and PersistentVolumeClaim unless given. */
  readonly skillResourceKinds?: readonly string[];
  /**
   * Seals the secrets in the store, any text that is hard to guess; made from the gateway's signing key unless given
   * (`secrets/secrets.ts`).
   */
  readonly secretsKey?: string | undefined;
}

/** What the gateway consists of, but for the activations (`running-gateway.ts`). */
export interface Gateway {
  readonly world: World;
  readonly records: TaskRecords;
  readonly client: KubernetesClient | undefined;
  readonly namespace: string;
  /** False: the store has no records of tasks. */
  readonly persistTasks: boolean;
  /** Pools that keep their records in the cluster; absent without one. */
  readonly pools: UnrecordedPools | undefined;
  /** One run outside of its times is made at a time, by the uid of the schedule. */
  readonly runLocks: KeyedLock;
  readonly contentUrl: string | undefined;
  readonly access: Access | undefined;
  readonly projects: Projects;
  readonly pacingClock: Clock;
  readonly logTextBytesMaximum: number;
  readonly apiEndpoint: string;
  readonly invokeImage: string;
  /** Signs tokens in messages where nobody is asked who he is. */
  readonly anonymousKey: SigningKey;
  /** The network without the gateway's credential: for everything that users wrote. */
  readonly outward: Network;
  /** For requests on it to what stands outside: connects to no address that is inside, whatever a name resolves to. */
  readonly outsideOnly: Dispatcher;
  readonly allowedOutward: ReadonlySet<string>;
  readonly skills: Documents<SkillContent>;
  readonly actions: Documents<Action>;
  readonly types: Documents<TypeDocument>;
  readonly agents: Documents<AgentDocument>;
  readonly snapshots: Snapshots;
  readonly connections: Documents<ConnectionDocument>;
  readonly secrets: Secrets;
  readonly sessions: Sessions;
  /** Absent without a cluster. */
  readonly deployer: Deployer | undefined;
}

/** Largest JSON body: a Task whose payload is all escapes. */
export const bodyBytesMaximum = 2 * 1024 * 1024;
