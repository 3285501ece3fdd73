/**
 * The in-process client of the simulator's controllers: the same operations as over HTTP without HTTP and text. What it
 * returns is shared and frozen, since a copy for every reader would cost more than the write; a caller that changes it
 * gets a TypeError.
 */
import {
  ApiStatusError,
  type DeleteOptions,
  type KubernetesClient,
  type ListOptions,
  type LogOptions,
  type PatchKind,
  type WatchHandle,
  type WatchOptions,
  type WriteOptions,
} from '../../kubernetes/client.ts';
import type { KubernetesObject, ListOf, WatchEvent } from '../../kubernetes/objects.ts';
import { apiVersionOf, type ResourceType } from '../../kubernetes/resources.ts';
import { administrator } from './auth/authentication.ts';
import { type Backend, tableOf, type WriteRequest } from './backend.ts';
import { ApiError, notFound } from './errors.ts';
import { entryAt, staleVersionNow } from './faults/reads.ts';
import { beforeRequest, type FaultedRequest, lostAnswer, lostAnswerError } from './faults/requests.ts';
import { logOptionsOf } from './http/log-options.ts';
import { freezeDeep } from './json.ts';
import type { Resource } from './kinds/resource.ts';
import { createObject } from './operations/create.ts';
import { deleteObject } from './operations/delete.ts';
import { listObjects, viewOf } from './operations/list.ts';
import { patchObject } from './operations/patch.ts';
import { openPodLog } from './operations/pod-log.ts';
import { createSubresource } from './operations/subresources.ts';
import { replaceObject } from './operations/update.ts';
import { bookmarkObject } from './watch/events.ts';
import { openWatch } from './watch/request.ts';

export class InProcessClient implements KubernetesClient {
  readonly #backend: Backend;
  readonly #caller: string;
  readonly #program: string;

  constructor(backend: Backend, caller: string, program = caller) {
    this.#backend = backend;
    this.#caller = caller;
    this.#program = program;
  }

  get<T extends KubernetesObject>(type: ResourceType, namespace: string | undefined, name: string): Promise<T> {
    return answering(async () => {
      const resource = this.#resource(type);
      const reader = this.#subject('get', resource, namespace, { name });
      beforeRequest({ backend: this.#backend, request: reader });
      const stale = staleVersionNow(this.#backend, reader, false);
      const entry =
        stale === undefined
          ? tableOf(this.#backend, resource).get(scopeOf(resource, namespace), name)
          : entryAt(this.#backend, reader, name, stale);
      if (!entry) throw notFound(resource, name);
      return viewOf(resource, entry).object as unknown as T;
    });
  }

  list<T extends KubernetesObject>(type: ResourceType, options: ListOptions = {}): Promise<ListOf<T>> {
    return answering(async () => {
      const resource = this.#resource(type);
      const reader = this.#subject('list', resource, options.namespace);
      beforeRequest({ backend: this.#backend, request: reader });
      const result = await listObjects(this.#backend, { ...options, resource, namespace: options.namespace, reader });
      return {
        apiVersion: apiVersionOf(type),
        kind: resource.listKind,
        metadata: {
          resourceVersion: String(result.version),
          ...(result.continue === undefined ? {} : { continue: result.continue }),
        },
        items: result.entries.map((entry) => viewOf(resource, entry).object as unknown as T),
      };
    });
  }

  create<T extends KubernetesObject>(
    type: ResourceType,
    namespace: string | undefined,
    object: T,
    options: WriteOptions = {},
  ): Promise<T> {
    return this.#write('create', type, namespace, { ...options }, async () => {
      const request = this.#request(this.#resource(type), namespace, options);
      const { subresource } = options;
      if (subresource) {
        return createSubresource(this.#backend, request, object.metadata?.name ?? '', subresource, object);
      }
      return createObject(this.#backend, request, object);
    });
  }

  replace<T extends KubernetesObject>(type: ResourceType, object: T, options: WriteOptions = {}): Promise<T> {
    const { namespace, name = '' } = object.metadata ?? {};
    return this.#write('update', type, namespace, { ...options, name }, async () => {
      const request = this.#request(this.#resource(type), namespace, options);
      const { subresource } = options;
      return (await replaceObject(this.#backend, { ...request, name, ...(subresource ? { subresource } : {}) }, object))
        .object;
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
    return this.#write('patch', type, namespace, { ...options, name }, async () => {
      const request = this.#request(this.#resource(type), namespace, options);
      const { subresource, force = false } = options;
      const named = { ...request, name, kind, force, ...(subresource ? { subresource } : {}) };
      return (await patchObject(this.#backend, named, patch)).object;
    });
  }

  delete(type: ResourceType, namespace: string | undefined, name: string, options: DeleteOptions = {}): Promise<void> {
    return answering(async () => {
      const resource = this.#resource(type);
      const request = this.#request(resource, namespace, {});
      await this.#faulted(this.#subject('delete', resource, namespace, { name }), async () =>
        deleteObject(this.#backend, request, name, options),
      );
    });
  }

  watch<T extends KubernetesObject>(
    type: ResourceType,
    options: WatchOptions,
    onEvent: (event: WatchEvent<T>) => void,
  ): Promise<WatchHandle> {
    return answering(async () => {
      const resource = this.#resource(type);
      const ended = Promise.withResolvers<Error | undefined>();
      let open = true;
      const send = (kind: WatchEvent<T>['type'], object: object) => {
        if (open) onEvent({ type: kind, object: object as T });
      };
      const watcher = this.#subject('watch', resource, options.namespace);
      beforeRequest({ backend: this.#backend, request: watcher });
      const watch = openWatch(
        this.#backend,
        { ...options, resource, namespace: options.namespace, watcher },
        {
          changes: (changes) => {
            for (const { type: kind, entry } of changes) send(kind, viewOf(resource, entry).object);
          },
          bookmark: (version, initialEnd) => send('BOOKMARK', bookmarkObject(resource, version, initialEnd)),
          error: (status) => send('ERROR', status),
          end: (cut) => {
            open = false;
            ended.resolve(cut ? new Error(`the watch on ${resource.plural} was cut by the server`) : undefined);
          },
        },
      );
      // Nothing is delivered before the caller has its handle.
      this.#backend.world.clock.after(0, () => {
        if (open) watch.start();
      });
      return {
        ended: ended.promise,
        stop: () => {
          open = false;
          watch.stop(false);
        },
      };
    });
  }

  log(namespace: string, pod: string, options: LogOptions, signal?: AbortSignal): Promise<AsyncIterable<Buffer>> {
    return answering(async () => {
      const gone = signal ?? new AbortController().signal;
      const given = Object.entries(options).filter(([, value]) => value !== undefined);
      const query = new URLSearchParams(given.map(([key, value]): [string, string] => [key, String(value)]));
      return buffers(await openPodLog(this.#backend, namespace, pod, logOptionsOf(query, pod), gone));
    });
  }

  #write<T extends KubernetesObject>(
    verb: string,
    type: ResourceType,
    namespace: string | undefined,
    { name, subresource }: { readonly name?: string; readonly subresource?: string },
    operation: () => Promise<object>,
  ): Promise<T> {
    return answering(async () => {
      if (this.#backend.faults.isQuiet) return freezeDeep(await operation()) as T;
      const subject = this.#subject(verb, this.#resource(type), namespace, { name, subresource });
      return freezeDeep(await this.#faulted(subject, operation)) as T;
    });
  }

  /** The write, as the faults that name this caller change it. */
  async #faulted<T>(request: FaultedRequest, operation: () => Promise<T>): Promise<T> {
    beforeRequest({ backend: this.#backend, request });
    const lost = lostAnswer({ backend: this.#backend, request });
    const written = await operation();
    if (lost) throw lostAnswerError(lost.how);
    return written;
  }

  #subject(
    verb: string,
    resource: Resource,
    namespace: string | undefined,
    { name, subresource }: { readonly name?: string; readonly subresource?: string | undefined } = {},
  ): FaultedRequest {
    return { caller: this.#caller, inProcess: true, verb, resource, subresource, namespace, name };
  }

  #resource(type: ResourceType): Resource {
    const resource = this.#backend.registry.get(type);
    if (resource) return resource;
    throw new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
  }

  #request(resource: Resource, namespace: string | undefined, options: WriteOptions): WriteRequest {
    return {
      resource,
      namespace: scopeOf(resource, namespace),
      caller: administrator,
      manager: options.fieldManager ?? this.#program,
      dryRun: options.dryRun ?? false,
      fieldValidation: 'Ignore',
      warn: () => {},
    };
  }
}

async function* buffers(chunks: AsyncIterable<Uint8Array> | undefined): AsyncIterable<Buffer> {
  for await (const chunk of chunks ?? []) yield Buffer.from(chunk);
}

function scopeOf(resource: Resource, namespace: string | undefined): string {
  return resource.namespaced ? (namespace ?? '') : '';
}

/** Refusals as clients know them. */
async function answering<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw error instanceof ApiError ? new ApiStatusError(error.code, error.status) : error;
  }
}
