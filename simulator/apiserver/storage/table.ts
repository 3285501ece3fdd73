/** The objects of one resource: current state by namespace and name, and what was written of late. */

import type { ApiObject } from '../json.ts';
import type { RequiredLabel } from '../selectors/label-selector.ts';
import { Bucket } from './bucket.ts';
import { Entry, keyOf, type StoredEvent } from './entry.ts';
import { historyMs } from './history.ts';
import { LabelIndexes } from './label-index.ts';

interface Counter {
  now(): number;
  /** Takes the next version of the store. */
  next(): number;
  version(): number;
}

/** Past events that are dropped at once; dropping one by one would move the rest each time. */
const dropBatch = 256;

export class Table {
  readonly #counter: Counter;
  readonly #buckets = new Map<string, Bucket>();
  /** Namespaces in the order of their keys. */
  #order: string[] = [];
  readonly #history: StoredEvent[] = [];
  readonly #listeners = new Set<(event: StoredEvent) => void>();
  readonly #labels = new LabelIndexes();
  /** What `list` has answered since the last write, by namespace. */
  readonly #lists = new Map<string | undefined, readonly Entry[]>();
  /** The past that was asked for last: chunks of one list ask for it again and again. */
  #past:
    | { readonly version: number; readonly namespace: string | undefined; readonly entries: readonly Entry[] }
    | undefined;
  /** Events up to this version are no longer in the history. */
  #forgotten: number;
  #count = 0;

  constructor(counter: Counter, oldest: number) {
    this.#counter = counter;
    this.#forgotten = oldest;
  }

  /** Number of objects. */
  get count(): number {
    return this.#count;
  }

  /** Namespace is empty for what has none. */
  get(namespace: string, name: string): Entry | undefined {
    return this.#buckets.get(namespace)?.get(name);
  }

  /** Everything, or what is in the namespace, by key. */
  list(namespace?: string): readonly Entry[] {
    const known = this.#lists.get(namespace);
    if (known) return known;
    const result: Entry[] = [];
    for (const each of namespace === undefined ? this.#order : [namespace]) {
      this.#buckets.get(each)?.listInto(result);
    }
    this.#lists.set(namespace, result);
    return result;
  }

  /** As `list`, but only what has the name. */
  named(name: string, namespace?: string): Entry[] {
    return (namespace === undefined ? this.#order : [namespace]).flatMap((each) => this.get(each, name) ?? []);
  }

  /** As `list`; what has not the label may be left out. */
  labelled({ key, value }: RequiredLabel, namespace?: string): readonly Entry[] {
    const count = namespace === undefined ? this.#count : (this.#buckets.get(namespace)?.size ?? 0);
    const index = this.#labels.of(key, () => this.list(), count);
    if (!index || index.count(value) >= count) return this.list(namespace);
    const entries = index.list(value);
    return namespace === undefined ? entries : entries.filter((entry) => entry.namespace === namespace);
  }

  /** As `list`, as it was at that version; undefined if that is forgotten. */
  listAt(version: number, namespace?: string): readonly Entry[] | undefined {
    const later = this.eventsAfter(version);
    if (!later) return undefined;
    if (later.length === 0) return this.list(namespace);
    if (this.#past?.version === version && this.#past.namespace === namespace) return this.#past.entries;
    const entries = this.#undone(later, namespace);
    this.#past = { version, namespace, entries };
    return entries;
  }

  /** The present list without these events. */
  #undone(events: readonly StoredEvent[], namespace: string | undefined): Entry[] {
    const past = new Map(this.list(namespace).map((entry) => [keyOf(entry.namespace, entry.name), entry]));
    for (const event of events.toReversed()) {
      const some = event.before ?? event.after;
      if (!some || (namespace !== undefined && some.namespace !== namespace)) continue;
      const key = keyOf(some.namespace, some.name);
      if (event.before) past.set(key, event.before);
      else past.delete(key);
    }
    return [...past].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)).map(([, entry]) => entry);
  }

  /** Stores the object (which is frozen by it) under the next version. */
  write(namespace: string, name: string, object: ApiObject): Entry {
    const version = this.#counter.next();
    object.metadata.resourceVersion = String(version);
    const entry = new Entry(namespace, name, version, object);
    const before = this.#bucket(namespace).put(name, entry);
    if (before) before.dropJson();
    else this.#count++;
    this.#publish({ version, time: this.#counter.now(), before, after: entry });
    return entry;
  }

  /** Removes the object; undefined if there is none. */
  remove(namespace: string, name: string): StoredEvent | undefined {
    const bucket = this.#buckets.get(namespace);
    const before = bucket?.remove(name);
    if (!bucket || !before) return undefined;
    before.dropJson();
    this.#count--;
    if (bucket.size === 0) {
      this.#buckets.delete(namespace);
      this.#order = this.#order.filter((each) => each !== namespace);
    }
    const event = { version: this.#counter.next(), time: this.#counter.now(), before, after: undefined };
    this.#publish(event);
    return event;
  }

  /** What was written after that version, oldest first; undefined if part of it is forgotten. */
  eventsAfter(version: number): readonly StoredEvent[] | undefined {
    this.#dropOld();
    if (version < this.#forgotten) return undefined;
    let low = 0;
    let high = this.#history.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#history[middle]?.version ?? 0) <= version) low = middle + 1;
      else high = middle;
    }
    return low === this.#history.length ? [] : this.#history.slice(low);
  }

  /** The oldest version that a watch can start from. */
  get oldest(): number {
    return this.#forgotten;
  }

  /** Forgets the whole history. */
  forget(): void {
    this.#history.length = 0;
    this.#past = undefined;
    this.#forgotten = this.#counter.version();
  }

  /** Calls the listener at each write, in order, until the returned function is called. */
  subscribe(listener: (event: StoredEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #publish(event: StoredEvent): void {
    this.#lists.clear();
    this.#labels.follow(event);
    this.#history.push(event);
    if (this.#history.length % dropBatch === 0) this.#dropOld();
    for (const listener of this.#listeners) listener(event);
  }

  #dropOld(): void {
    const limit = this.#counter.now() - historyMs;
    const first = this.#history[0];
    if (first === undefined || first.time > limit) return;
    let count = 0;
    while ((this.#history[count]?.time ?? Number.POSITIVE_INFINITY) <= limit) count++;
    this.#forgotten = this.#history[count - 1]?.version ?? this.#forgotten;
    this.#history.splice(0, count);
    if (this.#past && this.#past.version < this.#forgotten) this.#past = undefined;
  }

  #bucket(namespace: string): Bucket {
    let bucket = this.#buckets.get(namespace);
    if (!bucket) {
      bucket = new Bucket();
      this.#buckets.set(namespace, bucket);
      this.#order = [...this.#order, namespace].sort((left, right) => (`${left}/` < `${right}/` ? -1 : 1));
    }
    return bucket;
  }
}
