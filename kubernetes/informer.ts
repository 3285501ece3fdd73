/**
 * A cache of one kind that follows the API server: list, watch from there, list again after 410. Its rules are those of client-node's
 * `ListWatch` (watch again from the last version seen, 1 s to 30 s apart while nothing comes), which gives up on other errors; here
 * it starts again with client-go's back-off. All waiting is on the World's clock.
 */
import type { Timer } from '../world/clock.ts';
import type { World } from '../world/world.ts';
import type { KubernetesClient, WatchHandle } from './client.ts';
import { ObjectCache } from './object-cache.ts';
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
}

/** An object of the same name with another uid is told as deleted and added, never as updated. */
export interface InformerHandlers<T> {
  added?(object: T): void;
  updated?(before: T, after: T): void;
  deleted?(last: T): void;
}

const firstReconnectMs = 1000;
const longestReconnectMs = 30_000;

export class Informer<T extends KubernetesObject> {
  readonly #options: InformerOptions;
  readonly #handlers: InformerHandlers<T>[] = [];
  readonly #cache = new ObjectCache<T>();
  readonly #restartDelay: RestartDelay;
  readonly #timers = new Set<Timer>();
  /** Where the next watch begins; empty: list first. */
  #version = '';
  #reconnectMs = 0;
  #watch: WatchHandle | undefined;
  #stopped = false;
  #firstListDone: (() => void) | undefined;

  constructor(options: InformerOptions) {
    this.#options = options;
    const path = resourcePath(options.type, options.namespace);
    this.#restartDelay = new RestartDelay(options.world.clock, options.world.random.stream(`informer ${path}`));
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
    this.#watch?.stop();
    this.#firstListDone?.();
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#cache.get(namespace ?? '', name);
  }

  list(namespace?: string): T[] {
    return this.#cache.list(namespace);
  }

  #run(): void {
    this.#follow().catch((error: unknown) => this.#failed(error));
  }

  /** Until `stop`, or until something fails that is no end of a watch. */
  async #follow(): Promise<void> {
    this.#reconnectMs = 0;
    for (let watches = 0; !this.#stopped; watches++) {
      if (this.#version === '') await this.#list();
      if (watches > 0 && this.#reconnectMs > 0)
        await new Promise<void>((resolve) => this.#after(this.#reconnectMs, resolve));
      if (watches > 0) {
        this.#reconnectMs = Math.min(
          this.#reconnectMs > 0 ? this.#reconnectMs * 2 : firstReconnectMs,
          longestReconnectMs,
        );
      }
      this.#firstListDone?.();
      this.#firstListDone = undefined;
      const error = await this.#watchOnce();
      if (this.#stopped) return;
      if (codeOf(error) === 410) this.#version = '';
      else if (error) throw error;
    }
  }

  async #list(): Promise<void> {
    const { client, type, namespace, labelSelector, fieldSelector } = this.#options;
    const list = await client.list<T>(type, { namespace, labelSelector, fieldSelector });
    if (this.#stopped) return;
    const names = { apiVersion: apiVersionOf(type), kind: type.kind };
    // Items of built-in lists carry neither apiVersion nor kind (semantics 1.5).
    const items = list.items.map((item) => (item.kind ? item : { ...names, ...item }));
    for (const last of this.#cache.retain(items)) this.#tell((handlers) => handlers.deleted?.(last));
    for (const item of items) this.#changed(item);
    this.#version = list.metadata?.resourceVersion ?? '';
  }

  /** Resolves with the error that ended the watch, if one did. */
  async #watchOnce(): Promise<unknown> {
    if (this.#stopped) return undefined;
    const { client, type, namespace, labelSelector, fieldSelector } = this.#options;
    const resourceVersion = this.#version;
    const query = { namespace, labelSelector, fieldSelector, resourceVersion, allowWatchBookmarks: true };
    let isOver = false;
    try {
      const watch = await client.watch<T>(type, query, (event) => {
        if (!isOver && !this.#stopped) this.#take(event);
      });
      this.#watch = watch;
      if (this.#stopped) watch.stop();
      return await watch.ended;
    } catch (refused) {
      return refused;
    } finally {
      isOver = true;
      this.#watch = undefined;
    }
  }

  #take({ type, object }: WatchEvent<T>): void {
    if (type === 'ERROR') {
      // The server ends the watch by itself.
      if (codeOf(object) === 410) this.#version = '';
      return;
    }
    if (type === 'DELETED') {
      if (this.#cache.remove(object)) this.#tell((handlers) => handlers.deleted?.(object));
    } else if (type !== 'BOOKMARK') this.#changed(object);
    this.#reconnectMs = 0;
    this.#version = object.metadata?.resourceVersion ?? '';
  }

  #changed(object: T): void {
    const before = this.#cache.put(object);
    if (before === object) return;
    if (before && before.metadata?.uid === object.metadata?.uid) {
      this.#tell((handlers) => handlers.updated?.(before, object));
      return;
    }
    if (before) this.#tell((handlers) => handlers.deleted?.(before));
    this.#tell((handlers) => handlers.added?.(object));
  }

  #failed(error: unknown): void {
    if (this.#stopped) return;
    const delayMs = this.#restartDelay.next();
    const { world, type } = this.#options;
    world.log.warn('watch failed, starting again', { resource: type.plural, delayMs, error: String(error) });
    this.#after(delayMs, () => this.#run());
  }

  #after(delayMs: number, callback: () => void): void {
    if (this.#stopped) return;
    const timer = this.#options.world.clock.after(delayMs, () => {
      this.#timers.delete(timer);
      callback();
    });
    this.#timers.add(timer);
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

/** The code of a Status, or of an error that carries one. */
function codeOf(failure: unknown): unknown {
  return typeof failure === 'object' && failure !== null ? (failure as { code?: unknown }).code : undefined;
}
