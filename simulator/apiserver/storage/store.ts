/**
 * The storage behind the API server: what etcd is to a real one. One version counter for everything, immutable objects,
 * a history for watches and for reads of the past. It belongs to the environment, so that a restarted server finds it.
 * Source of the rules: semantics 1.4 to 1.6.
 */
import type { Clock } from '../../../world/clock.ts';
import { historyMs } from './history.ts';
import { Table } from './table.ts';

const firstVersion = 1000;
const markEveryMs = 1000;

export class Store {
  /** Signs tokens; known to nobody else. */
  readonly secret: string;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #tables = new Map<string, Table>();
  /** The version that was current at an instant; at most one a second. */
  readonly #marks: { time: number; version: number }[] = [];
  readonly #waiting = new Set<{ version: number; done: () => void }>();
  #version = firstVersion;
  #compacted = firstVersion - 1;
  /** Where the history of a table that is made now begins. */
  #oldest = firstVersion;

  constructor(clock: Pick<Clock, 'now'>, secret = 'the secret of a store that nobody shares') {
    this.#clock = clock;
    this.secret = secret;
  }

  /** The version of the last write. */
  get version(): number {
    return this.#version;
  }

  /** Reads at this version or an older one are refused: their history is gone (five minutes after). */
  get compacted(): number {
    const limit = this.#clock.now() - historyMs;
    while (this.#marks[0] !== undefined && this.#marks[0].time <= limit) {
      this.#compacted = Math.max(this.#compacted, this.#marks[0].version - 1);
      this.#marks.shift();
    }
    return this.#compacted;
  }

  /** The table of that name; made when missing. */
  table(name: string): Table {
    const found = this.#tables.get(name);
    if (found) return found;
    const counter = { now: () => this.#clock.now(), next: () => this.#next(), version: () => this.#version };
    const table = new Table(counter, this.#oldest);
    this.#tables.set(name, table);
    return table;
  }

  tableNames(): string[] {
    return [...this.#tables.keys()].sort();
  }

  /** Forgets all history now: versions handed out so far are too old for watches, continued and exact lists. */
  expireHistory(): void {
    this.#compacted = this.#version;
    this.#marks.length = 0;
    this.#oldest = this.#next();
    for (const table of this.#tables.values()) table.forget();
  }

  /** Resolves when the store has reached the version. `cancel` gives up; then it never resolves. */
  reached(version: number): { done: Promise<void>; cancel(): void } {
    if (version <= this.#version) return { done: Promise.resolve(), cancel: () => {} };
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { version, done: resolve };
    this.#waiting.add(waiter);
    return { done: promise, cancel: () => void this.#waiting.delete(waiter) };
  }

  #next(): number {
    const now = this.#clock.now();
    this.#version++;
    const last = this.#marks.at(-1);
    if (last === undefined || now - last.time >= markEveryMs) this.#marks.push({ time: now, version: this.#version });
    for (const waiter of this.#waiting) {
      if (waiter.version > this.#version) continue;
      this.#waiting.delete(waiter);
      waiter.done();
    }
    return this.#version;
  }
}
