/**
 * The Kubernetes client over HTTP: plain JSON in and out on the World's network, server and credentials from
 * `@kubernetes/client-node`'s configuration.
 */
import type { World } from '../world/world.ts';
import { callJson, openBytes, openWatch } from './answers.ts';
import type {
  ByteRange,
  DeleteOptions,
  KubernetesClient,
  ListOptions,
  LogOptions,
  NodeLogs,
  PatchKind,
  WatchHandle,
  WatchOptions,
  WriteOptions,
} from './client.ts';
import { type ClusterAccess, type Credentials, credentialsChange, credentialsOf, serverOf } from './cluster-access.ts';
import type { ExchangeRequest } from './exchange.ts';
import type { KubernetesObject, ListOf, WatchEvent } from './objects.ts';
import { retryAfterMs } from './refusal.ts';
import { apiVersionOf, nodes, pathSegment, pods, type ResourceType, resourcePath } from './resources.ts';

export type { ClusterAccess } from './cluster-access.ts';
export { kubeConfigFor, loadKubeConfig } from './cluster-access.ts';

/** How often a request is sent again that was refused with a Retry-After, as client-go has it. */
const defaultPatience = 10;

/** Plain calls, and the heads of watches and logs, must be answered within this. */
const defaultDeadlineMs = 30_000;

const patchTypes: Readonly<Record<PatchKind, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  'strategic-merge': 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

/**
 * A client of the cluster that `config` names. `deadlineMs` (default 30 s) bounds each plain call. What is refused with
 * 429 or 5xx and a Retry-After is sent again after that time, `patience` times at most (default 10).
 */
export function createHttpClient(options: {
  readonly world: World;
  readonly config: ClusterAccess;
  readonly deadlineMs?: number;
  readonly patience?: number;
}): KubernetesClient & NodeLogs {
  const { world, config, deadlineMs = defaultDeadlineMs, patience = defaultPatience } = options;
  return new HttpClient(world, config, deadlineMs, patience);
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly range?: ByteRange;
  /** JSON unless given. */
  readonly accept?: string;
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

class HttpClient implements KubernetesClient, NodeLogs {
  readonly #world: World;
  readonly #access: ClusterAccess;
  readonly #deadlineMs: number;
  readonly #patience: number;
  readonly #origin: string;
  readonly #prefix: string;
  #credentials: Promise<Credentials> | undefined;
  #dispatcher: { readonly key: string; readonly value: ExchangeRequest['dispatcher'] } | undefined;

  constructor(world: World, access: ClusterAccess, deadlineMs: number, patience: number) {
    this.#world = world;
    this.#access = access;
    this.#deadlineMs = deadlineMs;
    this.#patience = patience;
    const { origin, prefix } = serverOf(access);
    this.#origin = origin;
    this.#prefix = prefix;
  }

  get<T extends KubernetesObject>(type: ResourceType, namespace: string | undefined, name: string): Promise<T> {
    return this.#json<T>({ method: 'GET', path: resourcePath(type, namespace, name) });
  }

  list<T extends KubernetesObject>(type: ResourceType, options: ListOptions = {}): Promise<ListOf<T>> {
    const { namespace, ...query } = options;
    return this.#json<ListOf<T>>({ method: 'GET', path: withQuery(resourcePath(type, namespace), query) });
  }

  create<T extends KubernetesObject>(
    type: ResourceType,
    namespace: string | undefined,
    object: T,
    options: WriteOptions = {},
  ): Promise<T> {
    const name = options.subresource === undefined ? undefined : object.metadata?.name;
    const path = resourcePath(type, namespace, name, options.subresource);
    return this.#json<T>({
      method: 'POST',
      path: withQuery(path, writeQuery(options)),
      body: typed(type, object, options),
    });
  }

  replace<T extends KubernetesObject>(type: ResourceType, object: T, options: WriteOptions = {}): Promise<T> {
    const { namespace, name } = object.metadata ?? {};
    if (name === undefined) throw new TypeError(`replace of a ${type.kind}: metadata.name is missing`);
    const path = resourcePath(type, namespace, name, options.subresource);
    return this.#json<T>({
      method: 'PUT',
      path: withQuery(path, writeQuery(options)),
      body: typed(type, object, options),
    });
  }

  patch<T extends KubernetesObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    kind: PatchKind,
    patch: unknown,
    options: WriteOptions & { readonly force?: boolean } = {},
  ): Promise<T> {
    const path = resourcePath(type, namespace, name, options.subresource);
    const query = { ...writeQuery(options), force: options.force };
    return this.#json<T>({
      method: 'PATCH',
      path: withQuery(path, query),
      body: patch,
      contentType: patchTypes[kind],
    });
  }

  async delete(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    options: DeleteOptions = {},
  ): Promise<void> {
    const body = { kind: 'DeleteOptions', apiVersion: 'v1', ...options };
    await this.#json({ method: 'DELETE', path: resourcePath(type, namespace, name), body });
  }

  async watch<T extends KubernetesObject>(
    type: ResourceType,
    options: WatchOptions,
    onEvent: (event: WatchEvent<T>) => void,
  ): Promise<WatchHandle> {
    const { namespace, ...query } = options;
    const path = withQuery(resourcePath(type, namespace), { ...query, watch: true });
    const bounds = { clock: this.#world.clock, deadlineMs: this.#deadlineMs };
    return this.#patiently({ method: 'GET', path }, (request) => openWatch(bounds, request, onEvent));
  }

  async log(namespace: string, pod: string, options: LogOptions, signal?: AbortSignal): Promise<AsyncIterable<Buffer>> {
    const path = withQuery(resourcePath(pods, namespace, pod, 'log'), { ...options });
    // A real API server sends the head with the first bytes: of a followed log that may be hours later, and a node
    // looks for `sinceTime` by reading.
    const isShort = options.tailLines !== undefined || options.limitBytes !== undefined;
    const deadlineMs = options.follow || !isShort ? undefined : this.#deadlineMs;
    return this.#bytes({ method: 'GET', path }, deadlineMs, signal);
  }

  async nodeLog(
    node: string,
    path: string,
    range: ByteRange | undefined,
    signal?: AbortSignal,
  ): Promise<AsyncIterable<Buffer>> {
    const encoded = path.split('/').map(pathSegment).join('/');
    // Anything: the page that lists a folder is refused to who wants JSON (406).
    const call = {
      method: 'GET',
      path: `${resourcePath(nodes, undefined, node, 'proxy')}/logs/${encoded}`,
      range,
      accept: '*/*',
    };
    return this.#bytes(call, this.#deadlineMs, signal);
  }

  /** `deadlineMs`: for the head of the answer. */
  #bytes(call: Call, deadlineMs: number | undefined, signal: AbortSignal | undefined): Promise<AsyncIterable<Buffer>> {
    const bounds = { clock: this.#world.clock, signal, deadlineMs };
    const open = (request: ExchangeRequest) => {
      signal?.throwIfAborted();
      return openBytes(bounds, request);
    };
    return this.#patiently(call, open, signal);
  }

  #json<T>(call: Call): Promise<T> {
    const bounds = { clock: this.#world.clock, deadlineMs: this.#deadlineMs };
    return this.#patiently(call, (request) => callJson<T>(bounds, request));
  }

  /** Sends again what the server wants to have later. */
  async #patiently<T>(call: Call, send: (request: ExchangeRequest) => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const request = await this.#request(call);
      try {
        return await send(request);
      } catch (error) {
        const waitMs = attempt < this.#patience ? retryAfterMs(error) : undefined;
        if (waitMs === undefined) throw error;
        await this.#world.clock.sleep(waitMs, signal);
      }
    }
  }

  async #request(call: Call): Promise<ExchangeRequest> {
    const credentials = await this.#credentialsNow();
    const headers: Record<string, string> = {
      accept: call.accept ?? 'application/json',
      'user-agent': `orrery-${this.#world.name}`,
      ...credentials.headers,
    };
    if (call.body !== undefined) headers['content-type'] = call.contentType ?? 'application/json';
    if (call.range) headers.range = rangeText(call.range);
    return {
      dispatcher: this.#dispatcherFor(credentials),
      origin: this.#origin,
      method: call.method,
      path: this.#prefix + call.path,
      headers,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    };
  }

  #credentialsNow(): Promise<Credentials> {
    if (credentialsChange(this.#access)) return credentialsOf(this.#access);
    this.#credentials ??= credentialsOf(this.#access);
    return this.#credentials;
  }

  #dispatcherFor(credentials: Credentials): ExchangeRequest['dispatcher'] {
    const key = JSON.stringify(credentials.tls);
    if (this.#dispatcher?.key !== key)
      this.#dispatcher = { key, value: this.#world.network.dispatcher(credentials.tls) };
    return this.#dispatcher.value;
  }
}

/** The object as it is sent: with its apiVersion and kind, which list items of the server lack. */
function typed(type: ResourceType, object: KubernetesObject, options: WriteOptions): KubernetesObject {
  const ownKind = options.subresource === undefined || options.subresource === 'status';
  if (!ownKind || (object.apiVersion && object.kind)) return object;
  return { ...object, apiVersion: apiVersionOf(type), kind: type.kind };
}

function writeQuery(options: WriteOptions): Query {
  return { fieldManager: options.fieldManager, dryRun: options.dryRun ? 'All' : undefined };
}

/** As RFC 9110 has it: the last byte is named. */
function rangeText({ start, end }: ByteRange): string {
  return `bytes=${start}-${end === undefined ? '' : end - 1}`;
}

function withQuery(path: string, query: Query): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parts.push(`${name}=${encodeURIComponent(value)}`);
  }
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`;
}
