/**
 * The objects that have a label, by its value: a selector of `job-name=x` among tens of thousands of pods looks at
 * those that it finds.
 */
import { ownMember } from '../../../world/members.ts';
import { type Entry, keyOf, type StoredEvent } from './entry.ts';

export class LabelIndex {
  readonly #key: string;
  /** Value of the label, then key of the object. */
  readonly #byValue = new Map<string, Map<string, Entry>>();

  /** Of the objects that there are; later ones are told by `follow`. */
  constructor(key: string, entries: readonly Entry[]) {
    this.#key = key;
    for (const entry of entries) this.#add(entry);
  }

  follow({ before, after }: StoredEvent): void {
    if (before) this.#remove(before);
    if (after) this.#add(after);
  }

  /** How many have the label with this value. */
  count(value: string): number {
    return this.#byValue.get(value)?.size ?? 0;
  }

  /** Those with this value, in the order of their keys. */
  list(value: string): Entry[] {
    const found = [...(this.#byValue.get(value) ?? [])];
    return found.sort(([left], [right]) => (left < right ? -1 : 1)).map(([, entry]) => entry);
  }

  #add(entry: Entry): void {
    const value = this.#valueOf(entry);
    if (value === undefined) return;
    const entries = this.#byValue.get(value) ?? new Map<string, Entry>();
    entries.set(keyOf(entry.namespace, entry.name), entry);
    this.#byValue.set(value, entries);
  }

  #remove(entry: Entry): void {
    const value = this.#valueOf(entry);
    const entries = value === undefined ? undefined : this.#byValue.get(value);
    if (value === undefined || !entries) return;
    entries.delete(keyOf(entry.namespace, entry.name));
    if (entries.size === 0) this.#byValue.delete(value);
  }

  #valueOf({ object }: Entry): string | undefined {
    return ownMember(object.metadata.labels, this.#key);
  }
}

/** So many keys are kept in mind, those that were asked for last. */
const indexesMax = 8;
/** Fewer objects are looked at one by one. */
const indexedMin = 500;

/** The indexes of one table: one for each label that somebody has selected by. */
export class LabelIndexes {
  readonly #indexes = new Map<string, LabelIndex>();

  follow(event: StoredEvent): void {
    for (const index of this.#indexes.values()) index.follow(event);
  }

  /**
   * undefined where so few objects (`count`) are asked about that nothing is gained; `all` gives those of the table.
   */
  of(key: string, all: () => readonly Entry[], count: number): LabelIndex | undefined {
    if (count < indexedMin) return undefined;
    const index = this.#indexes.get(key) ?? new LabelIndex(key, all());
    this.#indexes.delete(key);
    this.#indexes.set(key, index);
    const [oldest] = this.#indexes.keys();
    if (this.#indexes.size > indexesMax && oldest !== undefined) this.#indexes.delete(oldest);
    return index;
  }
}
