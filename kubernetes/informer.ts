/**
 * A cache of one kind that follows the API server, on client-node's `ListWatch`: list, watch from there, list again
 * after 410. `ListWatch` gives up on other errors; the informer then starts it again with client-go's back-off. All
 * waiting is on the World's clock.
 */
import { ListWatch } from '@kubernetes/client-node/dist/cache.js';
import type { KubernetesObject as ClientObject, KubernetesListObject } from '@kubernetes/client-node/dist/types.js';
import type { Watch } from '@kubernetes/client-node/dist/watch.js';
import type { Timer } from '../world/clock.ts';
import type { World } from '../world/world.ts';
import type { KubernetesClient, WatchHandle } from './client.ts';
import { keyOf } from './meta.ts';
import type { KubernetesObject, WatchEvent } from './objects.ts';
import { apiVersionOf, type ResourceType, resourcePath } from './resources.ts';
import { RestartDelay } from './restart-delay.ts';

export interface InformerOptions {
  readonly world: World;
  readonly client: KubernetesClient;
  readonly type: ResourceType;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /**
   * Lists everything again so many ms after the last list, and up to a fifth more so that not all do at once: a lost
   * event is made good then. Never when absent, as client-go's informers.
   */
  readonly relistEveryMs?: number;
}

/** An object of the same name with another uid is told as deleted and added, never as updated. */
export interface InformerHandlers<T> {
  added?(object: T): void;
  updated?(before: T, after: T): void;
  deleted?(last: T): void;
}

type WatchCallback = (phase: string, object: unknown) => unknown;
type WatchDone = (error: unknown) => unknown;

export class Informer<T extends KubernetesObject> {
  readonly #options: InformerOptions;
  readonly #handlers: InformerHandlers<T>[] = [];
  readonly #listWatch: ListWatch<ClientObject>;
  readonly #known = new Map<string, T>();
  readonly #restartDelay: RestartDelay;
  readonly #timers = new Set<Timer>();
  #attempt: WatchAttempt<T> | undefined;
  #relist: Timer | undefined;
  #stopped = false;
  #firstListDone: (() => void) | undefined;

  constructor(options: InformerOptions) {
    this.#options = options;
    const path = resourcePath(options.type, options.namespace);
    this.#restartDelay = new RestartDelay(options.world.clock, options.world.random.stream(`informer ${path}`));
    const watch = {
      watch: (_path: string, query: { resourceVersion?: string }, callback: WatchCallback, done: WatchDone) =>
        this.#watch(query.resourceVersion, callback, done),
    };
    this.#listWatch = new ListWatch<ClientObject>(
      path,
      watch as unknown as Watch,
      () => this.#list(),
      false,
      options.labelSelector,
      options.fieldSelector,
      { delayFn: (delayMs) => new Promise((resolve) => this.#after(delayMs, resolve)) },
    );
    this.#listWatch.on('add', (object) => this.#changed(object as unknown as T));
    this.#listWatch.on('update', (object) => this.#changed(object as unknown as T));
    this.#listWatch.on('delete', (object) => this.#gone(object as unknown as T));
    this.#listWatch.on('error', (error) => this.#failed(error));
  }

  /** Handlers are called in the order in which they were given; one that throws is logged and harms nobody. */
  on(handlers: InformerHandlers<T>): void {
    this.#handlers.push(handlers);
  }

  /** Resolves when the first list is in the cache; tries until then, however often it fails. */
  async start(): Promise<void> {
    const listed = new Promise<void>((resolve) => {
      this.#firstListDone = resolve;
    });
    this.#run();
    await listed;
  }

  /** No handler is called any more. The cache stays readable. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#attempt?.abort();
    void this.#listWatch.stop();
    this.#firstListDone?.();
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#listWatch.get(name, namespace) as T | undefined;
  }

  list(namespace?: string): T[] {
    return [...this.#listWatch.list(namespace)] as unknown as T[];
  }

  #run(): void {
    this.#listWatch.start().catch((error: unknown) => this.#failed(error));
  }

  async #list(): Promise<KubernetesListObject<ClientObject>> {
    const { client, type, namespace, labelSelector, fieldSelector } = this.#options;
    this.#planRelist();
    const list = await client.list<T>(type, { namespace, labelSelector, fieldSelector });
    const names = { apiVersion: apiVersionOf(type), kind: type.kind };
    // Items of built-in lists carry neither apiVersion nor kind (semantics 1.5).
    const items = list.items.map((item) => (item.kind ? item : { ...names, ...item }));
    return { ...list, items } as unknown as KubernetesListObject<ClientObject>;
  }

  /** Called by `ListWatch` when a list is in its cache. `done` must not be called before this has resolved. */
  #watch(resourceVersion: string | undefined, callback: WatchCallback, done: WatchDone): Promise<WatchAttempt<T>> {
    this.#firstListDone?.();
    this.#firstListDone = undefined;
    this.#attempt?.abort();
    const attempt = new WatchAttempt<T>({
      onEvent: (event) => void callback(event.type, event.object),
      onDone: (error) => void Promise.resolve(done(error)).catch((failure: unknown) => this.#failed(failure)),
    });
    this.#attempt = attempt;
    if (this.#stopped) return Promise.resolve(attempt);
    const { client, type, namespace, labelSelector, fieldSelector } = this.#options;
    const query = { namespace, labelSelector, fieldSelector, resourceVersion, allowWatchBookmarks: true };
    void attempt.open((onEvent) => client.watch<T>(type, query, onEvent));
    return Promise.resolve(attempt);
  }

  #planRelist(): void {
    const { relistEveryMs } = this.#options;
    this.#relist?.cancel();
    if (relistEveryMs === undefined) return;
    const spread = 1 + this.#options.world.random.stream('informer relists').next() / 5;
    this.#relist = this.#after(Math.round(relistEveryMs * spread), () => {
      // Between two watches there is none to end: the next one is not to be missed.
      if (this.#attempt?.expire() !== true) this.#planRelist();
    });
  }

  #failed(error: unknown): void {
    if (this.#stopped) return;
    const delayMs = this.#restartDelay.next();
    const { world, type } = this.#options;
    world.log.warn('watch failed, starting again', { resource: type.plural, delayMs, error: String(error) });
    this.#after(delayMs, () => this.#run());
  }

  #after(delayMs: number, callback: () => void): Timer | undefined {
    if (this.#stopped) return undefined;
    const timer = this.#options.world.clock.after(delayMs, () => {
      this.#timers.delete(timer);
      callback();
    });
    this.#timers.add(timer);
    return timer;
  }

  #changed(object: T): void {
    const key = keyOf(object);
    const before = this.#known.get(key);
    this.#known.set(key, object);
    if (before && before.metadata?.uid === object.metadata?.uid) {
      this.#tell((handlers) => handlers.updated?.(before, object));
      return;
    }
    if (before) this.#tell((handlers) => handlers.deleted?.(before));
    this.#tell((handlers) => handlers.added?.(object));
  }

  #gone(last: T): void {
    this.#known.delete(keyOf(last));
    this.#tell((handlers) => handlers.deleted?.(last));
  }

  #tell(call: (handlers: InformerHandlers<T>) => void): void {
    if (this.#stopped) return;
    for (const handlers of this.#handlers) {
      try {
        call(handlers);
      } catch (error) {
        const { world, type } = this.#options;
        world.log.error('an informer handler threw', { resource: type.plural, error: String(error) });
      }
    }
  }
}

/** One watch from opening to end; what comes after `abort` is not heard. */
class WatchAttempt<T> {
  readonly #onEvent: (event: WatchEvent<T>) => void;
  readonly #onDone: (error: unknown) => void;
  #handle: WatchHandle | undefined;
  #aborted = false;

  constructor(listeners: { onEvent(event: WatchEvent<T>): void; onDone(error: unknown): void }) {
    this.#onEvent = listeners.onEvent;
    this.#onDone = listeners.onDone;
  }

  async open(start: (onEvent: (event: WatchEvent<T>) => void) => Promise<WatchHandle>): Promise<void> {
    let error: unknown = null;
    try {
      const handle = await start((event) => {
        if (!this.#aborted) this.#onEvent(event);
      });
      this.#handle = handle;
      if (this.#aborted) handle.stop();
      error = (await handle.ended) ?? null;
    } catch (refused) {
      error = refused;
    }
    if (this.#aborted) return;
    this.#aborted = true;
    this.#onDone(error);
  }

  abort(): void {
    this.#aborted = true;
    this.#handle?.stop();
  }

  /** Ends the watch as the server does with 410, so that `ListWatch` lists again; false if it has ended before. */
  expire(): boolean {
    if (this.#aborted) return false;
    this.abort();
    this.#onDone({ statusCode: 410 });
    return true;
  }
}
