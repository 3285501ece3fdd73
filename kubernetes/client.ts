/**
 * A Kubernetes client in plain JSON. Two implementations: over HTTP on `@kubernetes/client-node`'s configuration
 * (`http-client.ts`: operator, gateway, node agent, harness, on any cluster), and in process for the simulator's own
 * controllers (`simulator/apiserver`).
 */
import type { KubernetesObject, ListOf, Status, WatchEvent } from './objects.ts';
import type { ResourceType } from './resources.ts';

export interface ListOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
}

export interface WatchOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
  readonly allowWatchBookmarks?: boolean;
  readonly timeoutSeconds?: number;
}

export interface WriteOptions {
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
  readonly subresource?: string;
}

export interface DeleteOptions {
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export type PatchKind = 'json' | 'merge' | 'strategic-merge' | 'apply';

export interface LogOptions {
  readonly container?: string;
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly sinceSeconds?: number;
  readonly sinceTime?: string;
}

/** All calls reject with ApiStatusError when the server refuses, with the network's error when it cannot be reached. */
export interface KubernetesClient {
  get<T extends KubernetesObject>(type: ResourceType, namespace: string | undefined, name: string): Promise<T>;
  list<T extends KubernetesObject>(type: ResourceType, options?: ListOptions): Promise<ListOf<T>>;
  create<T extends KubernetesObject>(
    type: ResourceType,
    namespace: string | undefined,
    object: T,
    options?: WriteOptions,
  ): Promise<T>;
  /** PUT; `options.subresource` is `status` for status writes. Name and namespace come from the object. */
  replace<T extends KubernetesObject>(type: ResourceType, object: T, options?: WriteOptions): Promise<T>;
  patch<T extends KubernetesObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    kind: PatchKind,
    patch: unknown,
    options?: WriteOptions & { readonly force?: boolean },
  ): Promise<T>;
  delete(type: ResourceType, namespace: string | undefined, name: string, options?: DeleteOptions): Promise<void>;
  /**
   * Opens a watch. `onEvent` gets each event in order; `ended` resolves when the stream ends, with an error when it
   * broke. `stop` ends it from this side: no further event is delivered.
   */
  watch<T extends KubernetesObject>(
    type: ResourceType,
    options: WatchOptions,
    onEvent: (event: WatchEvent<T>) => void,
  ): Promise<WatchHandle>;
  /** The log of a pod's container as it comes; ends when the server ends it. */
  log(namespace: string, pod: string, options: LogOptions, signal?: AbortSignal): Promise<AsyncIterable<Buffer>>;
}

/** What a node has on its disk of its containers' logs, rotated files included. */
export interface NodeLogs {
  /**
   * What the node's kubelet serves of its folder of logs, `/var/log`: a file, or the page that lists a folder when
   * `path` ends with a slash. Needs the right to get `nodes/proxy`. 416 when the range begins behind the end.
   */
  nodeLog(
    node: string,
    path: string,
    range: ByteRange | undefined,
    signal?: AbortSignal,
  ): Promise<AsyncIterable<Buffer>>;
}

/** Bytes [start, end) of a file; to its end when that is absent. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number;
}

export interface WatchHandle {
  /** Resolves with undefined after a clean end, with the error after a broken one; never rejects. */
  readonly ended: Promise<Error | undefined>;
  stop(): void;
}

/** The API server's refusal, with its Status body. */
export class ApiStatusError extends Error {
  override readonly name = 'ApiStatusError';
  readonly status: Status;
  /** HTTP status. */
  readonly code: number;
  /** `NotFound`, `AlreadyExists`, `Conflict`, `Invalid` ...; empty when the server gave none. */
  readonly reason: string;

  constructor(code: number, status: Status) {
    super(status.message ?? `the API server answered ${code}`);
    this.code = code;
    this.status = status;
    this.reason = status.reason ?? '';
  }
}

/** True for the refusal with that reason. */
export function hasReason(error: unknown, reason: string): error is ApiStatusError {
  return error instanceof ApiStatusError && error.reason === reason;
}
