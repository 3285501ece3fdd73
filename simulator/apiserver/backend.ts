/** What the operations of the server share: where they run, what they store into, who calls. */
import type { World } from '../../world/world.ts';
import type { Caller } from './auth/caller.ts';
import { ApiError, qualifiedResource } from './errors.ts';
import type { ApiFaults } from './faults/faults.ts';
import type { ApiObject } from './json.ts';
import type { Registry } from './kinds/registry.ts';
import type { Resource, RuleContext } from './kinds/resource.ts';
import type { Prose } from './schema/prose.ts';
import { servicePool } from './services/stored-pool.ts';
import type { Store } from './storage/store.ts';
import type { Table } from './storage/table.ts';
import type { WatchDeliveries } from './watch/deliveries.ts';
import type { WatchRounds } from './watch/rounds.ts';
import type { Watch } from './watch/watch.ts';

export interface Backend {
  readonly world: World;
  readonly store: Store;
  readonly registry: Registry;
  /** Delay of the next delivery of watch events, ms. */
  readonly lagMs: () => number;
  /** Of a server without such a delay. */
  readonly deliveries: WatchDeliveries | undefined;
  /** When they are sent bookmarks. */
  readonly watchRounds: WatchRounds;
  /** All that are open. */
  readonly watches: Set<Watch>;
  readonly faults: ApiFaults;
  /** Clients can watch from versions from here on: a server that has just started knows no older events. */
  readonly watchCache: { from: number };
  /** Whose static token it is. */
  readonly findToken: (token: string) => Caller | undefined;
  /** Kinds (`apps/Deployment`, `/Service`) that are stored and nothing more: whoever creates one is told. */
  readonly storedOnly: ReadonlySet<string>;
  /** How node agents are spoken to. */
  readonly agentScheme: 'http' | 'https';
  /** What documents and tables say of members. */
  readonly prose: Prose;
}

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

/** What every writing request says beside its object. */
export interface WriteRequest {
  readonly resource: Resource;
  /** Empty for what has none. */
  readonly namespace: string;
  readonly caller: Caller;
  /** Under which name managedFields records the write. */
  readonly manager: string;
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
  /** Receives what the client should be warned of. */
  readonly warn: (text: string) => void;
  /** Of a body that came as text. */
  readonly text?: BodyText;
}

/** What the parsed body does not tell. */
export interface BodyText {
  readonly whole: string;
  /** What there is to say of members that stand in it twice. */
  readonly repeated: readonly string[];
  /** The text is the object itself as JSON: what is wrong in it is told in its order. */
  readonly isJsonObject?: boolean;
}

export function tableOf(backend: Backend, resource: Resource): Table {
  return backend.store.table(resource.table);
}

/** The stored object, with what its schema has come to say since. */
export function readStored(
  backend: Backend,
  { resource, namespace }: WriteRequest,
  name: string,
): ApiObject | undefined {
  const stored = tableOf(backend, resource).get(namespace, name)?.object;
  return stored && resource.custom ? resource.custom.applyDefaults(stored) : stored;
}

/** Now as metadata and status write it: RFC 3339, whole seconds, Z. */
export function timeText(backend: Backend): string {
  return `${new Date(backend.world.clock.now()).toISOString().slice(0, 19)}Z`;
}

export function ruleContext(backend: Backend): RuleContext {
  return {
    time: timeText(backend),
    unique: () => backend.world.random.stream('apiserver-uid').uuid(),
    servicePool: () => servicePool(backend),
  };
}

/** The object in the shape of the resource that was asked for. */
export function shown(resource: Resource, object: ApiObject): ApiObject {
  return resource.view ? resource.view.fromStored(object) : object;
}

/** 403 with the words of the part that refuses. */
export function forbidden(resource: Resource, name: string, why: string): ApiError {
  return new ApiError(403, 'Forbidden', `${qualifiedResource(resource)} "${name}" is forbidden: ${why}`, {
    name,
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
  });
}
