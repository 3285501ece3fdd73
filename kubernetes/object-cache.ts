/** The objects of an informer, by namespace and name, in the order in which they were first seen. */
import type { KubernetesObject } from './objects.ts';

export class ObjectCache<T extends KubernetesObject> {
  readonly #namespaces = new Map<string, Map<string, T>>();

  /** The namespace is empty for what has none. */
  get(namespace: string, name: string): T | undefined {
    return this.#namespaces.get(namespace)?.get(name);
  }

  /** Of one namespace, or all. */
  list(namespace?: string): T[] {
    if (namespace) return [...(this.#namespaces.get(namespace)?.values() ?? [])];
    const all: T[] = [];
    for (const objects of this.#namespaces.values()) all.push(...objects.values());
    return all;
  }

  /** Keeps the object; the one that was there, or the given one if that very version was: then nothing has changed. */
  put(object: T): T | undefined {
    const { namespace = '', name = '', resourceVersion } = object.metadata ?? {};
    let objects = this.#namespaces.get(namespace);
    if (!objects) {
      objects = new Map();
      this.#namespaces.set(namespace, objects);
    }
    const before = objects.get(name);
    if (before && resourceVersion !== undefined && before.metadata?.resourceVersion === resourceVersion) return object;
    objects.set(name, object);
    return before;
  }

  /** False if there is none of that name. */
  remove(object: T): boolean {
    const { namespace = '', name = '' } = object.metadata ?? {};
    const objects = this.#namespaces.get(namespace);
    if (!objects?.delete(name)) return false;
    if (objects.size === 0) this.#namespaces.delete(namespace);
    return true;
  }

  /** Drops all that the list does not name; what was dropped. */
  retain(list: readonly T[]): T[] {
    const named = new Set(
      list.map(({ metadata }) => JSON.stringify([metadata?.namespace ?? '', metadata?.name ?? ''])),
    );
    const dropped: T[] = [];
    for (const [namespace, objects] of [...this.#namespaces]) {
      for (const [name, object] of [...objects]) {
        if (named.has(JSON.stringify([namespace, name]))) continue;
        this.remove(object);
        dropped.push(object);
      }
    }
    return dropped;
  }
}
