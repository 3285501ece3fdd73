/**
 * What happens to an event before it is sent, after client-go's EventCorrelator: similar events are merged, identical
 * ones counted, and too many of one source and object dropped (semantics 1.18).
 */
export interface Occurrence {
  /** Source and object: what one budget of events belongs to. */
  readonly source: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

export interface Correlated {
  /** Events of one key are one Event object. */
  readonly key: string;
  readonly message: string;
}

const similarLimit = 10;
const similarIntervalMs = 600_000;
const burst = 25;
const refillMs = 300_000;
/** client-go keeps this many entries of each cache. */
const cacheLimit = 4096;
const combined = '(combined from similar events): ';

export class EventCorrelator {
  readonly #similar = new Map<string, { messages: Set<string>; lastAt: number }>();
  readonly #budgets = new Map<string, { tokens: number; at: number }>();

  /** undefined: drop it. */
  correlate(occurrence: Occurrence, now: number): Correlated | undefined {
    const merged = this.#merge(occurrence, now);
    return this.#spend(occurrence.source, now) ? merged : undefined;
  }

  #merge(occurrence: Occurrence, now: number): Correlated {
    const group = JSON.stringify([occurrence.source, occurrence.type, occurrence.reason]);
    const known = this.#similar.get(group);
    const record =
      known && now - known.lastAt <= similarIntervalMs ? known : { messages: new Set<string>(), lastAt: now };
    record.messages.add(occurrence.message);
    record.lastAt = now;
    remember(this.#similar, group, record);
    if (record.messages.size < similarLimit) {
      return { key: JSON.stringify([group, occurrence.message]), message: occurrence.message };
    }
    record.messages.delete(occurrence.message);
    return { key: group, message: combined + occurrence.message };
  }

  #spend(source: string, now: number): boolean {
    const budget = this.#budgets.get(source) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, budget.tokens + (now - budget.at) / refillMs);
    const granted = tokens >= 1;
    remember(this.#budgets, source, { tokens: granted ? tokens - 1 : tokens, at: now });
    return granted;
  }
}

/** Sets the entry as the youngest and drops the oldest past the limit. */
export function remember<V>(cache: Map<string, V>, key: string, value: V): void {
  cache.delete(key);
  cache.set(key, value);
  if (cache.size <= cacheLimit) return;
  const oldest = cache.keys().next();
  if (!oldest.done) cache.delete(oldest.value);
}
