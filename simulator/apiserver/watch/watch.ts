/**
 * One watch on a table: what was there or what was missed first, then each write after a lag, as a selector sees it.
 * Source: semantics 1.6.
 */
import type { Clock, Timer } from '../../../world/clock.ts';
import type { ObjectTest } from '../kinds/selectors.ts';
import { type Entry, farewell, type StoredEvent } from '../storage/entry.ts';
import type { Table } from '../storage/table.ts';
import type { WatchDeliveries } from './deliveries.ts';
import { tooOldStatus } from './events.ts';
import type { WatchRounds } from './rounds.ts';

export interface WatchedChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly entry: Entry;
}

/** Where a watch delivers. Calls come in order; after `end` there are none. */
export interface WatchSink {
  changes(changes: readonly WatchedChange[]): void;
  /** `initialEnd` marks the end of the initial events. */
  bookmark(version: number, initialEnd: boolean): void;
  /** An ERROR event: this Status. */
  error(status: object): void;
  /** A clean end (time is over), or a cut because the reader is too slow or the server stops. */
  end(cut: boolean): void;
}

export interface WatchRequest {
  readonly table: Table;
  readonly namespace?: string;
  readonly test: ObjectTest | undefined;
  /** Deliver what exists first; otherwise changes after `from`. */
  readonly initial: boolean;
  /** Absent: what exists is shown as it is now; else as it was at that version. */
  readonly initialAt?: number;
  readonly from: number;
  /** The first version that the server can be watched from, whatever the table still knows. */
  readonly oldest: number;
  /** Version of the store now. */
  readonly current: () => number;
  /** Absent: none are asked for. */
  readonly bookmarks?: WatchRounds;
  /** Mark the end of the initial events (sendInitialEvents=true was asked for). */
  readonly markInitialEnd: boolean;
  readonly timeoutMs: number;
  /** Delay of the next delivery, ms. */
  readonly lagMs: () => number;
  /** How they deliver when there is never a lag. */
  readonly deliveries: WatchDeliveries | undefined;
  readonly clock: Clock;
  /** Called once at the end. */
  readonly onEnd: () => void;
}

const lastBookmarkBeforeEndMs = 2000;
/** A reader that is this many events behind is disconnected. */
const backlogMax = 20_000;

export class Watch {
  readonly #request: WatchRequest;
  readonly #sink: WatchSink;
  readonly #backlog: StoredEvent[] = [];
  readonly #timers = new Set<Timer>();
  #unsubscribe: (() => void) | undefined;
  #leaveRounds: (() => void) | undefined;
  #delivery: Timer | undefined;
  #delivered: number;
  #paused = false;
  #ended = false;

  constructor(request: WatchRequest, sink: WatchSink) {
    this.#request = request;
    this.#sink = sink;
    this.#delivered = request.from;
  }

  /** Delivers what is there already, at once, and follows from there on. */
  start(): void {
    const { table, initial, from, timeoutMs, bookmarks } = this.#request;
    const { oldest } = this.#request;
    const missed = initial ? [] : from < oldest ? undefined : table.eventsAfter(from);
    if (!missed) {
      this.#sink.error(tooOldStatus(from, Math.max(oldest, table.oldest)));
      this.stop(false);
      return;
    }
    this.#unsubscribe = table.subscribe((event) => this.#queue(event));
    this.#later(timeoutMs, () => this.stop(false));
    if (bookmarks) {
      this.#leaveRounds = bookmarks.join(() => this.#bookmark());
      const last = timeoutMs - lastBookmarkBeforeEndMs;
      if (last > 0) this.#later(last, () => this.#bookmark());
    }
    if (initial) this.#sendInitial();
    else for (const event of missed) this.#queue(event);
  }

  /** Ends the watch, from either side. */
  stop(cut: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#unsubscribe?.();
    this.#leaveRounds?.();
    this.#delivery?.cancel();
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#backlog.length = 0;
    this.#request.onEnd();
    this.#sink.end(cut);
  }

  /** Holds deliveries back while the reader has no room. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    if (this.#backlog.length > 0) this.#schedule(0);
  }

  #later(delayMs: number, action: () => void): void {
    const timer = this.#request.clock.after(delayMs, () => {
      this.#timers.delete(timer);
      action();
    });
    this.#timers.add(timer);
  }

  #sendInitial(): void {
    const { table, namespace, test, current, initialAt, bookmarks, markInitialEnd } = this.#request;
    const past = initialAt === undefined ? undefined : table.listAt(initialAt, namespace);
    const entries = past ?? table.list(namespace);
    const matching = test ? entries.filter((entry) => test(entry.object)) : entries;
    this.#delivered = past ? (initialAt ?? 0) : current();
    if (matching.length > 0) this.#sink.changes(matching.map((entry) => ({ type: 'ADDED', entry })));
    if (bookmarks && markInitialEnd && !this.#ended) this.#sink.bookmark(this.#delivered, true);
    if (past) for (const event of table.eventsAfter(this.#delivered) ?? []) this.#queue(event);
  }

  #queue(event: StoredEvent): void {
    if (this.#ended || event.version <= this.#request.from) return;
    this.#backlog.push(event);
    if (this.#backlog.length > backlogMax) this.stop(true);
    else if (!this.#paused) this.#schedule(this.#request.lagMs());
  }

  #schedule(delayMs: number): void {
    if (this.#delivery) return;
    const deliver = () => {
      this.#delivery = undefined;
      this.#deliver();
    };
    const { deliveries, clock } = this.#request;
    this.#delivery = deliveries ? deliveries.join(deliver) : clock.after(delayMs, deliver);
  }

  #deliver(): void {
    if (this.#ended || this.#paused) return;
    const events = this.#backlog.splice(0);
    this.#delivered = events.at(-1)?.version ?? this.#delivered;
    const changes = events.map((event) => this.#seen(event)).filter((change) => change !== undefined);
    if (changes.length > 0) this.#sink.changes(changes);
  }

  /** What the change looks like to someone who sees only what matches. */
  #seen(event: StoredEvent): WatchedChange | undefined {
    const before = this.#matches(event.before);
    const after = this.#matches(event.after);
    if (after && event.after) return { type: before ? 'MODIFIED' : 'ADDED', entry: event.after };
    const last = before ? farewell(event) : undefined;
    return last ? { type: 'DELETED', entry: last } : undefined;
  }

  #matches(entry: Entry | undefined): boolean {
    const { namespace, test } = this.#request;
    if (!entry || (namespace !== undefined && entry.namespace !== namespace)) return false;
    return !test || test(entry.object);
  }

  /** What is not delivered yet must not lie before the bookmark. */
  #bookmark(): void {
    if (this.#ended || this.#paused) return;
    if (this.#backlog.length > 0) this.#deliver();
    if (this.#ended) return;
    this.#delivered = Math.max(this.#delivered, this.#request.current());
    this.#sink.bookmark(this.#delivered, false);
  }
}
