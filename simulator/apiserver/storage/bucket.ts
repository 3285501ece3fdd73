/**
 * The objects of one namespace, by name. They are put in order when somebody lists them: most are written and removed
 * without, and to keep a hundred thousand names in order at each write would cost more than the write.
 */
import type { Entry } from './entry.ts';

/** Names of removed objects are taken out when there are more of them than of the others, and at least this many. */
const goneMin = 64;

export class Bucket {
  readonly #entries = new Map<string, Entry>();
  /** In order; some may be gone. */
  #names: string[] = [];
  /** Made since. */
  #fresh: string[] = [];
  /** Removed, but still among the names or the fresh ones. */
  readonly #gone = new Set<string>();

  get size(): number {
    return this.#entries.size;
  }

  get(name: string): Entry | undefined {
    return this.#entries.get(name);
  }

  /** Sets the entry of its name; the one before. */
  put(name: string, entry: Entry): Entry | undefined {
    const before = this.#entries.get(name);
    this.#entries.set(name, entry);
    if (!before && !this.#gone.delete(name)) this.#fresh.push(name);
    return before;
  }

  /** What was removed; undefined if there is none of that name. */
  remove(name: string): Entry | undefined {
    const before = this.#entries.get(name);
    if (!before) return undefined;
    this.#entries.delete(name);
    this.#gone.add(name);
    if (this.#gone.size >= goneMin && this.#gone.size > this.#entries.size) this.#forgetGone();
    return before;
  }

  /** Appends all entries in the order of their names. */
  listInto(result: Entry[]): void {
    this.#sortFresh();
    for (const name of this.#names) {
      const entry = this.#entries.get(name);
      if (entry) result.push(entry);
    }
  }

  #forgetGone(): void {
    this.#names = this.#names.filter((name) => this.#entries.has(name));
    this.#fresh = this.#fresh.filter((name) => this.#entries.has(name));
    this.#gone.clear();
  }

  #sortFresh(): void {
    if (this.#fresh.length === 0) return;
    const fresh = this.#fresh.sort();
    this.#fresh = [];
    this.#names = this.#names.length === 0 ? fresh : merged(this.#names, fresh);
  }
}

/** Both lists are in order and have no name in common. */
function merged(left: readonly string[], right: readonly string[]): string[] {
  const result: string[] = [];
  let next = 0;
  for (const name of left) {
    for (let other = right[next]; other !== undefined && other < name; other = right[++next]) result.push(other);
    result.push(name);
  }
  for (; next < right.length; next++) result.push(right[next] ?? '');
  return result;
}
