/**
 * The report queue: brings each run's newest record to the gateway, at a bounded rate, until it has arrived.
 *
 * One entry a run: while a record waits, a newer one takes its place, so that under pressure or in an outage
 * intermediate states are skipped (and counted) and the last one never is. One post of a run at a time, so its order
 * never goes back. Posts of all runs together are evenly spaced, retries included. Failures are retried for ever with
 * exponential back-off; what the gateway refuses for the record's own fault is given up.
 */
import type { Timer } from '../../../world/clock.ts';
import type { RandomStream } from '../../../world/random.ts';
import type { World } from '../../../world/world.ts';
import { rankOf, skippedBetween, type TaskState } from '../../task/state.ts';
import type { TaskRecord } from '../run/record.ts';
import { ReportRefusedError } from './post.ts';

export interface ReportQueueOptions {
  readonly world: World;
  /** Brings one record to the gateway; a rejection is retried. */
  post(record: TaskRecord, signal: AbortSignal): Promise<void>;
  /** Posts a second, at most; default 50. */
  readonly requestsPerSecond?: number;
  /** Posts under way, at most; default 8. */
  readonly concurrency?: number;
  /** Delay before the first retry, doubled with each further one up to the maximum; defaults 500 ms and 60 s. */
  readonly baseDelayMs?: number;
  readonly maximumDelayMs?: number;
  onDelivered(record: TaskRecord): void;
  /** The gateway will never take it. */
  onRefused?(record: TaskRecord, why: string): void;
}

interface Entry {
  /** The newest record, not delivered yet. */
  record: TaskRecord;
  inFlight: boolean;
  failures: number;
  retry: Timer | undefined;
}

/** What is known of a run beyond its waiting record. */
interface History {
  /** The newest sequence that was offered. */
  offered: number;
  delivered: TaskRecord | undefined;
  /** The newest record that the gateway will never take. */
  refused: TaskRecord | undefined;
  /** The state that the gateway is known to have; undefined if another process may have reported. */
  reported: TaskState | undefined;
  skippedStates: number;
  /** Nobody will ask for it any more. */
  isForgotten: boolean;
}

export class ReportQueue {
  readonly #options: ReportQueueOptions;
  readonly #random: RandomStream;
  readonly #entries = new Map<string, Entry>();
  readonly #histories = new Map<string, History>();
  /** Entries that may be posted now, in order of arrival. */
  readonly #ready = new Set<string>();
  readonly #stop = new AbortController();
  #inFlight = 0;
  #nextPostAt = 0;
  #refusals = 0;
  #wake: Timer | undefined;

  constructor(options: ReportQueueOptions) {
    this.#options = options;
    this.#random = options.world.random.stream('operator report back-off');
  }

  /** Records that wait, those in flight included. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Takes a record for delivery; its sequence is raised above all earlier ones of the run. A state that would go back
   * is left out.
   * @param reported the state that the gateway has, if this is the run's first record and it is known
   */
  offer(record: TaskRecord, reported?: TaskState): void {
    const { uid } = record;
    const history = this.#history(uid, reported);
    const entry = this.#entries.get(uid);
    const held = entry?.record ?? history.delivered;
    if (held && rankOf(record.state) < rankOf(held.state)) return;
    const sequence = Math.max(record.sequence, history.offered + 1);
    history.offered = sequence;
    const next = { ...record, sequence };
    if (entry) {
      entry.record = next;
      return;
    }
    this.#entries.set(uid, { record: next, inFlight: false, failures: 0, retry: undefined });
    this.#ready.add(uid);
    this.#pump();
  }

  /** The newest record that the gateway has acknowledged to this process. */
  delivered(uid: string): TaskRecord | undefined {
    return this.#histories.get(uid)?.delivered;
  }

  /** The newest record that the gateway has refused for good. */
  refused(uid: string): TaskRecord | undefined {
    return this.#histories.get(uid)?.refused;
  }

  /** How many records the gateway has refused for good. */
  get refusals(): number {
    return this.#refusals;
  }

  /** The newest record that was offered and has not been acknowledged. */
  waiting(uid: string): TaskRecord | undefined {
    return this.#entries.get(uid)?.record;
  }

  /** Forgets a run whose last record is delivered; one that still waits is brought to its end first. */
  forget(uid: string): void {
    const history = this.#histories.get(uid);
    if (this.#entries.has(uid) && history) history.isForgotten = true;
    else this.#histories.delete(uid);
  }

  /** Ends all posts; what waits is dropped, to be found again from the cluster. */
  stop(): void {
    this.#stop.abort(new Error('the operator stops'));
    this.#wake?.cancel();
    for (const entry of this.#entries.values()) entry.retry?.cancel();
    this.#entries.clear();
    this.#ready.clear();
  }

  #history(uid: string, reported: TaskState | undefined): History {
    const known = this.#histories.get(uid);
    if (known) return known;
    const history: History = {
      offered: 0,
      delivered: undefined,
      refused: undefined,
      reported,
      skippedStates: 0,
      isForgotten: false,
    };
    this.#histories.set(uid, history);
    return history;
  }

  #pump(): void {
    const { world, concurrency = 8, requestsPerSecond = 50 } = this.#options;
    const spacingMs = Math.max(1, Math.ceil(1000 / requestsPerSecond));
    while (!this.#stop.signal.aborted && this.#inFlight < concurrency) {
      const [uid] = this.#ready;
      if (uid === undefined) return;
      const now = world.clock.now();
      if (now < this.#nextPostAt) {
        this.#wakeAt(this.#nextPostAt);
        return;
      }
      this.#nextPostAt = now + spacingMs;
      this.#ready.delete(uid);
      void this.#send(uid);
    }
  }

  #wakeAt(at: number): void {
    if (this.#wake) return;
    const { clock } = this.#options.world;
    this.#wake = clock.after(at - clock.now(), () => {
      this.#wake = undefined;
      this.#pump();
    });
  }

  async #send(uid: string): Promise<void> {
    const entry = this.#entries.get(uid);
    const history = this.#histories.get(uid);
    if (!entry || !history) return;
    entry.inFlight = true;
    this.#inFlight += 1;
    const { record } = entry;
    const skippedStates =
      history.skippedStates + (history.reported ? skippedBetween(history.reported, record.state) : 0);
    const sent = { ...record, skippedStates };
    try {
      await this.#options.post(sent, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      history.skippedStates = skippedStates;
      history.reported = record.state;
      this.#arrived(uid, entry, history, sent);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      if (error instanceof ReportRefusedError && error.isFinal) this.#refused(uid, entry, history, sent, error);
      else this.#failed(uid, entry, error);
    } finally {
      entry.inFlight = false;
      this.#inFlight -= 1;
      this.#pump();
    }
  }

  #arrived(uid: string, entry: Entry, history: History, sent: TaskRecord): void {
    history.delivered = sent;
    this.#settle(uid, entry, history, sent);
    this.#options.onDelivered(sent);
  }

  /** What comes later of the run is tried again: it may be at no fault. */
  #refused(uid: string, entry: Entry, history: History, sent: TaskRecord, error: ReportRefusedError): void {
    history.refused = sent;
    this.#refusals += 1;
    this.#settle(uid, entry, history, sent);
    const { world, onRefused } = this.#options;
    const { name, state } = sent;
    world.log.warn('report refused', { uid, name, state, refusals: this.#refusals, error: error.message });
    onRefused?.(sent, error.message);
  }

  #settle(uid: string, entry: Entry, history: History, sent: TaskRecord): void {
    entry.failures = 0;
    if (entry.record.sequence > sent.sequence) this.#ready.add(uid);
    else this.#entries.delete(uid);
    if (history.isForgotten && !this.#entries.has(uid)) this.#histories.delete(uid);
  }

  #failed(uid: string, entry: Entry, error: unknown): void {
    const { world, baseDelayMs = 500, maximumDelayMs = 60_000 } = this.#options;
    const backOffMs = Math.min(baseDelayMs * 2 ** Math.min(entry.failures, 30), maximumDelayMs);
    entry.failures += 1;
    // Half of it by chance, so that runs that failed together do not come back together.
    const jitteredMs = Math.ceil(backOffMs / 2 + (this.#random.next() * backOffMs) / 2);
    const askedMs = error instanceof ReportRefusedError ? (error.retryAfterMs ?? 0) : 0;
    const delayMs = Math.min(Math.max(jitteredMs, askedMs), maximumDelayMs);
    world.log.warn('report failed', {
      uid,
      state: entry.record.state,
      failures: entry.failures,
      delayMs,
      error: String(error),
    });
    entry.retry = world.clock.after(delayMs, () => {
      entry.retry = undefined;
      this.#ready.add(uid);
      this.#pump();
    });
  }
}
