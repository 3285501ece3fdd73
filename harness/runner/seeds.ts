/**
 * Plays scenarios with many seeds. Other latencies, losses and orders of events follow from each, so that one seed that
 * passes says little, and hundreds that pass say much. Only counts and what did not pass are kept.
 */
import { createHash } from 'node:crypto';
import type { ScenarioResult } from '../reports/model.ts';
import type { SeedRange, SeedsReport } from '../reports/seeds.ts';
import type { CatalogueEntry } from './catalogue.ts';
import type { Order } from './play-thread.ts';
import { type OrdersOptions, playOrders } from './run.ts';

export interface SeedsOptions extends Omit<OrdersOptions, 'onResult'> {
  readonly entries: readonly CatalogueEntry[];
  readonly range: SeedRange;
  /** Told of each play as it ends, in no certain order. */
  readonly onResult?: (result: ScenarioResult) => void;
  /** Told of a seed when all scenarios have been played with it and with those before it. */
  readonly onSeed?: (seed: number) => void;
  /** Asked before each further seed: false ends the run early, after whole seeds. */
  readonly goesOn?: () => boolean;
}

/** Never rejects: after an abort the report says with which seeds all scenarios were played. */
export async function runSeeds(options: SeedsOptions): Promise<SeedsReport> {
  const { entries, range, onResult, onSeed } = options;
  const results: ScenarioResult[] = [];
  const counts = new Map<number, number>();
  let playedTo = range.first - 1;
  const note = (result: ScenarioResult) => {
    if (options.signal?.aborted) return;
    results.push(result);
    onResult?.(result);
    counts.set(result.seed, (counts.get(result.seed) ?? 0) + 1);
    for (; counts.get(playedTo + 1) === entries.length; counts.delete(playedTo)) {
      playedTo++;
      onSeed?.(playedTo);
    }
  };
  try {
    await playOrders(ordersOf(options), { ...options, onResult: note });
  } catch (error) {
    if (!options.signal?.aborted) throw error;
  }
  return reportOf(options, results, playedTo);
}

/** Seed by seed, so that a run that ends early has played all scenarios alike. */
function* ordersOf({ entries, range, goesOn = () => true }: SeedsOptions): Generator<Order> {
  for (let seed = range.first; seed <= range.last && goesOn(); seed++) {
    for (const entry of entries) yield { entry, environment: 'sim', seed, brief: true };
  }
}

function reportOf({ entries, range }: SeedsOptions, results: ScenarioResult[], playedTo: number): SeedsReport {
  const sorted = results.sort((left, right) => order(left, right));
  const count = (value: string) => sorted.filter(({ verdict }) => verdict.value === value).length;
  return {
    range,
    playedTo,
    scenarios: entries.map(({ name }) => name),
    passed: count('true'),
    failed: count('false'),
    unknown: count('unknown'),
    notHere: count('not here'),
    bad: sorted.filter(({ verdict }) => verdict.value === 'false' || verdict.value === 'unknown'),
    digest: digestOf(sorted),
  };
}

function order(left: ScenarioResult, right: ScenarioResult): number {
  if (left.name !== right.name) return left.name < right.name ? -1 : 1;
  return left.seed - right.seed;
}

/** The same for the same code and seeds, whatever the threads. */
function digestOf(sorted: readonly ScenarioResult[]): string {
  const hash = createHash('sha256');
  for (const { name, seed, verdict, traceHash } of sorted) {
    hash.update(`${name} ${seed} ${verdict.value} ${traceHash}\n`);
  }
  return hash.digest('hex');
}
