/**
 * A cluster in memory for the operator's tests: storage, watches, merge patches, finalizers and preconditions. Its
 * limits: no validation, no defaults, label selectors of `key=value` only, strategic merge for labels, annotations and
 * finalizers only, an apply creates or merges and owns no fields, no controllers (the test plays them, see `play.ts`),
 * no logs.
 */
import {
  ApiStatusError,
  type DeleteOptions,
  type KubernetesClient,
  type ListOptions,
  type PatchKind,
  type WatchHandle,
  type WatchOptions,
  type WriteOptions,
} from '../../../kubernetes/client.ts';
import type { KubernetesObject, ListOf, ObjectMeta, WatchEvent } from '../../../kubernetes/objects.ts';
import { apiVersionOf, type ResourceType } from '../../../kubernetes/resources.ts';
import { wireTime } from '../run/time.ts';

interface Watcher {
  readonly type: string;
  readonly options: WatchOptions;
  readonly onEvent: (event: WatchEvent<KubernetesObject>) => void;
}

type Json = Record<string, unknown>;

export interface ClientHooks {
  before?(call: string): void | Promise<void>;
  after?(): void | Promise<void>;
}

export class FakeCluster {
  /** Each call as `verb plural name`, in order. */
  readonly calls: string[] = [];
  /** Plural names of which no watch sees anything for as long as they are in here. */
  readonly unseen = new Set<string>();
  readonly #now: () => number;
  readonly #deliver: (callback: () => void) => void;
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #watchers = new Set<Watcher>();
  #version = 100;
  #uids = 0;

  /** @param deliver when watch events arrive, in order; at once unless given. */
  constructor(now: () => number, deliver: (callback: () => void) => void = queueMicrotask) {
    this.#now = now;
    this.#deliver = deliver;
  }

  /**
   * A client for the operator; calls on it are recorded. `before` may hold up or refuse a call, `after` its answer,
   * when the cluster has already done what was asked.
   */
  client(hooks: ClientHooks = {}): KubernetesClient {
    const record = async (verb: string, type: ResourceType, name: string) => {
      const call = `${verb} ${type.plural} ${name}`;
      this.calls.push(call);
      await hooks.before?.(call);
    };
    const answer = async <T>(object: KubernetesObject) => {
      const copy = structuredClone(object) as T;
      await hooks.after?.();
      return copy;
    };
    return {
      get: async <T extends KubernetesObject>(type: ResourceType, namespace: string | undefined, name: string) => {
        await record('get', type, name);
        return answer<T>(this.#find(type, namespace, name));
      },
      list: async <T extends KubernetesObject>(type: ResourceType, options: ListOptions = {}): Promise<ListOf<T>> => {
        await record('list', type, '');
        const items = this.all<T>(type).filter((object) => matches(object, options));
        return { metadata: { resourceVersion: `${this.#version}` }, items };
      },
      create: async <T extends KubernetesObject>(type: ResourceType, namespace: string | undefined, object: T) => {
        await record('create', type, object.metadata?.name ?? '');
        return answer<T>(
          this.create(type, { ...object, metadata: { ...object.metadata, ...(namespace ? { namespace } : {}) } }),
        );
      },
      replace: async <T extends KubernetesObject>(type: ResourceType, object: T) => {
        await record('replace', type, object.metadata?.name ?? '');
        const held = this.#find(type, object.metadata?.namespace, object.metadata?.name ?? '');
        if (object.metadata?.resourceVersion !== held.metadata?.resourceVersion) throw refused(409, 'Conflict');
        return answer<T>(this.#store(type, object, 'MODIFIED'));
      },
      patch: async <T extends KubernetesObject>(
        type: ResourceType,
        namespace: string | undefined,
        name: string,
        kind: PatchKind,
        patch: unknown,
        options?: WriteOptions,
      ) => {
        await record(options?.subresource ? `patch/${options.subresource}` : 'patch', type, name);
        const isNew = kind === 'apply' && this.find(type, name, namespace) === undefined;
        if (isNew)
          return answer<T>(this.create(type, { ...(patch as T), metadata: { ...(patch as T).metadata, name } }));
        return answer<T>(this.patch(type, namespace, name, patch as Json));
      },
      delete: async (type: ResourceType, namespace: string | undefined, name: string, options?: DeleteOptions) => {
        await record('delete', type, name);
        this.delete(type, namespace, name, options);
        await hooks.after?.();
      },
      watch: async <T extends KubernetesObject>(
        type: ResourceType,
        options: WatchOptions,
        onEvent: (event: WatchEvent<T>) => void,
      ): Promise<WatchHandle> => this.#watch(type, options, onEvent as Watcher['onEvent']),
      log: () => Promise.reject(new Error('the fake cluster has no logs')),
    };
  }

  all<T extends KubernetesObject>(type: ResourceType): T[] {
    const prefix = `${type.plural}/`;
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    return keys.map((key) => structuredClone(this.#objects.get(key)) as T);
  }

  find<T extends KubernetesObject>(type: ResourceType, name: string, namespace = 'default'): T | undefined {
    return structuredClone(this.#objects.get(keyOf(type, namespace, name))) as T | undefined;
  }

  create<T extends KubernetesObject>(type: ResourceType, object: T): T {
    const namespace = object.metadata?.namespace ?? 'default';
    const name = object.metadata?.name ?? '';
    if (this.#objects.has(keyOf(type, namespace, name))) throw refused(409, 'AlreadyExists');
    this.#uids += 1;
    const metadata: ObjectMeta = {
      ...object.metadata,
      namespace,
      uid: object.metadata?.uid ?? `uid-${this.#uids}`,
      generation: 1,
      creationTimestamp: wireTime(this.#now()),
    };
    const created = { ...structuredClone(object), apiVersion: apiVersionOf(type), kind: type.kind, metadata };
    return this.#store(type, created, 'ADDED');
  }

  patch<T extends KubernetesObject>(type: ResourceType, namespace: string | undefined, name: string, patch: Json): T {
    const held = this.#find(type, namespace, name);
    const { metadata: change = {}, ...rest } = patch as { metadata?: Json };
    if (change.uid !== undefined && change.uid !== held.metadata?.uid) throw refused(409, 'Conflict');
    const { finalizers: added, '$deleteFromPrimitiveList/finalizers': removed, ...metadata } = change;
    if (added !== undefined && held.metadata?.deletionTimestamp) throw refused(422, 'Invalid');
    const merged = merge(held as Json, { ...rest, metadata }) as KubernetesObject;
    const kept = (held.metadata?.finalizers ?? []).filter((each) => !((removed as string[]) ?? []).includes(each));
    const finalizers = [...new Set([...kept, ...((added as string[]) ?? [])])];
    const next = { ...merged, metadata: { ...merged.metadata, finalizers } };
    if (JSON.stringify(next) === JSON.stringify(held)) return held as T;
    return this.#store(type, next as T, 'MODIFIED');
  }

  delete(type: ResourceType, namespace: string | undefined, name: string, options: DeleteOptions = {}): void {
    const held = this.#find(type, namespace, name);
    if (options.preconditions?.uid && options.preconditions.uid !== held.metadata?.uid) throw refused(409, 'Conflict');
    if (held.metadata?.deletionTimestamp) return;
    const deletionTimestamp = wireTime(this.#now());
    this.#store(type, { ...held, metadata: { ...held.metadata, deletionTimestamp } }, 'MODIFIED');
  }

  #find(type: ResourceType, namespace: string | undefined, name: string): KubernetesObject {
    const held = this.#objects.get(keyOf(type, namespace ?? 'default', name));
    if (!held) throw refused(404, 'NotFound');
    return held;
  }

  /** An object that is being deleted goes when nothing holds it; pods are held by the test, which plays their node. */
  #store<T extends KubernetesObject>(type: ResourceType, object: T, event: 'ADDED' | 'MODIFIED'): T {
    this.#version += 1;
    const key = keyOf(type, object.metadata?.namespace ?? 'default', object.metadata?.name ?? '');
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: `${this.#version}` } };
    const isHeld = (stored.metadata.finalizers ?? []).length > 0 || type.plural === 'pods';
    if (stored.metadata.deletionTimestamp && !isHeld) {
      this.#objects.delete(key);
      this.#tell(type, 'DELETED', stored);
    } else {
      this.#objects.set(key, stored);
      this.#tell(type, event, stored);
    }
    return stored;
  }

  /** Removes an object at once, whatever holds it. */
  remove(type: ResourceType, name: string, namespace = 'default'): void {
    const held = this.#find(type, namespace, name);
    this.#version += 1;
    this.#objects.delete(keyOf(type, namespace, name));
    this.#tell(type, 'DELETED', { ...held, metadata: { ...held.metadata, resourceVersion: `${this.#version}` } });
  }

  #tell(type: ResourceType, event: WatchEvent<KubernetesObject>['type'], object: KubernetesObject): void {
    if (this.unseen.has(type.plural)) return;
    for (const watcher of this.#watchers) {
      if (watcher.type !== type.plural || !matches(object, watcher.options)) continue;
      const copy = structuredClone(object);
      this.#deliver(() => {
        if (this.#watchers.has(watcher)) watcher.onEvent({ type: event, object: copy });
      });
    }
  }

  #watch(type: ResourceType, options: WatchOptions, onEvent: Watcher['onEvent']): WatchHandle {
    const watcher: Watcher = { type: type.plural, options, onEvent };
    this.#watchers.add(watcher);
    let end: (error: undefined) => void = () => {};
    const ended = new Promise<undefined>((resolve) => {
      end = resolve;
    });
    return {
      ended,
      stop: () => {
        this.#watchers.delete(watcher);
        end(undefined);
      },
    };
  }
}

function keyOf(type: ResourceType, namespace: string, name: string): string {
  return `${type.plural}/${type.namespaced ? namespace : ''}/${name}`;
}

function matches(object: KubernetesObject, options: { namespace?: string; labelSelector?: string }): boolean {
  if (options.namespace !== undefined && object.metadata?.namespace !== options.namespace) return false;
  const pairs = (options.labelSelector ?? '').split(',').filter((pair) => pair !== '');
  return pairs.every((pair) => {
    const [label = '', value = ''] = pair.split('=');
    return object.metadata?.labels?.[label] === value;
  });
}

function refused(code: number, reason: string): ApiStatusError {
  return new ApiStatusError(code, { code, reason, message: reason });
}

function merge(held: unknown, patch: unknown): unknown {
  const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap(patch)) return patch;
  const merged: Json = isMap(held) ? { ...held } : {};
  for (const [member, value] of Object.entries(patch)) {
    if (value === null) delete merged[member];
    else merged[member] = merge(merged[member], value);
  }
  return merged;
}
