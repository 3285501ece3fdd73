/**
 * What faults do to watches: events are late, missing or there twice, and streams are cut. It stands between a watch
 * and its reader.
 */
import type { Timer } from '../../../world/clock.ts';
import type { Backend } from '../backend.ts';
import { ApiError } from '../errors.ts';
import type { ApiFaultOf } from '../faults/fault.ts';
import { drawMs } from '../faults/faults.ts';
import type { FaultSubject } from '../faults/target.ts';
import type { Watch, WatchedChange, WatchSink } from './watch.ts';

export class DisturbedSink implements WatchSink {
  readonly #backend: Backend;
  readonly #subject: FaultSubject;
  readonly #sink: WatchSink;
  readonly #timers = new Set<Timer>();
  readonly #cutBy = new Set<object>();
  readonly #unsubscribe: () => void;
  #watch: Watch | undefined;
  /** When the last delivery that is held back will be made. */
  #lastAt = Number.NEGATIVE_INFINITY;
  #held = 0;

  constructor(backend: Backend, subject: FaultSubject, sink: WatchSink) {
    this.#backend = backend;
    this.#subject = subject;
    this.#sink = sink;
    this.#unsubscribe = backend.faults.onInjected(() => this.#planCuts());
  }

  /** From now on faults can cut the watch. */
  attach(watch: Watch): void {
    this.#watch = watch;
    this.#planCuts();
  }

  changes(changes: readonly WatchedChange[]): void {
    const { faults } = this.#backend;
    if (faults.isQuiet && this.#held === 0) return this.#sink.changes(changes);
    const kept = this.#repeated(this.#keptOf(changes));
    if (kept.length > 0) this.#pass(() => this.#sink.changes(kept));
  }

  bookmark(version: number, initialEnd: boolean): void {
    this.#pass(() => this.#sink.bookmark(version, initialEnd));
  }

  error(status: object): void {
    this.#pass(() => this.#sink.error(status));
  }

  end(cut: boolean): void {
    this.#unsubscribe();
    if (this.#held > 0 && !cut) return this.#pass(() => this.#sink.end(false));
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#sink.end(cut);
  }

  #keptOf(changes: readonly WatchedChange[]): readonly WatchedChange[] {
    const losses = this.#backend.faults.hitting('watch-events-lost', this.#subject);
    return losses.reduce(
      (kept, { fault, random }) =>
        kept.filter((change) => !concernsObject(fault, change) || random.next() >= fault.probability),
      changes,
    );
  }

  #repeated(changes: readonly WatchedChange[]): readonly WatchedChange[] {
    const repeats = this.#backend.faults.hitting('watch-events-repeated', this.#subject);
    return repeats.reduce(
      (all, { fault, random }) =>
        all.flatMap((change) =>
          concernsObject(fault, change) && random.next() < fault.probability ? [change, change] : [change],
        ),
      changes,
    );
  }

  /** In order: behind whatever is held back, and as late as a fault wants it. */
  #pass(action: () => void): void {
    const { clock } = this.#backend.world;
    const [slow] = this.#backend.faults.hitting('watch-lag', this.#subject);
    const now = clock.now();
    const at = Math.max(slow ? now + drawMs(slow) : now, this.#lastAt);
    if (at <= now && this.#held === 0) return action();
    this.#lastAt = at;
    this.#held++;
    this.#later(at - now, () => {
      this.#held--;
      action();
    });
  }

  #planCuts(): void {
    if (!this.#watch) return;
    for (const striking of this.#backend.faults.hitting('watch-cut', this.#subject)) {
      const { fault } = striking;
      if (this.#cutBy.has(fault)) continue;
      this.#cutBy.add(fault);
      this.#later(drawMs(striking), () => {
        const stillHolds = this.#backend.faults
          .hitting('watch-cut', this.#subject)
          .some((each) => each.fault === fault);
        if (stillHolds) this.#cut(fault.how);
      });
    }
  }

  #cut(how: ApiFaultOf<'watch-cut'>['how']): void {
    if (how === 'expired') this.error(expiredStatus());
    if (how === 'error') this.error(brokenStatus());
    this.#watch?.stop(how === 'reset');
  }

  #later(delayMs: number, action: () => void): void {
    const timer = this.#backend.world.clock.after(delayMs, () => {
      this.#timers.delete(timer);
      action();
    });
    this.#timers.add(timer);
  }
}

function concernsObject({ namespace }: { readonly namespace?: string }, { entry }: WatchedChange): boolean {
  return namespace === undefined || namespace === entry.namespace;
}

/** As when etcd's compaction overtakes a watch. */
function expiredStatus(): object {
  return new ApiError(410, 'Expired', 'The resourceVersion for the provided watch is too old.').status;
}

function brokenStatus(): object {
  return new ApiError(
    500,
    'InternalError',
    'an error on the server ("unable to decode an event") has prevented the watch',
  ).status;
}
