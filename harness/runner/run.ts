/** Runs scenarios in parallel, one World a thread, and gathers their results sorted by name. */
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ScenarioResult } from '../reports/model.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { defaultLimits, type Order, type PlayLimits, PlayThread } from './play-thread.ts';

export interface RunOptions {
  readonly entries: readonly CatalogueEntry[];
  /** Name of the environment in which a scenario is played. */
  readonly environment: (entry: CatalogueEntry) => string;
  readonly seed: number;
  /** Threads; as many as the machine has cores when absent. */
  readonly threads?: number;
  readonly onResult?: (result: ScenarioResult) => void;
  readonly signal?: AbortSignal;
  /** Folder for traces, a file for each scenario; none are written when absent. */
  readonly traceFolder?: string;
  /** Two minutes without progress, a quarter of an hour in all, when absent. */
  readonly limits?: Partial<PlayLimits>;
}

export async function run(options: RunOptions): Promise<ScenarioResult[]> {
  if (options.traceFolder !== undefined) mkdirSync(options.traceFolder, { recursive: true });
  const results: ScenarioResult[] = [];
  await playOrders(
    options.entries.map((entry) => orderFor(entry, options)),
    {
      ...options,
      onResult(result) {
        results.push(result);
        options.onResult?.(result);
      },
    },
  );
  return results.sort((left, right) => (left.name < right.name ? -1 : 1));
}

export interface OrdersOptions extends Pick<RunOptions, 'threads' | 'signal' | 'limits'> {
  readonly onResult: (result: ScenarioResult) => void;
}

/**
 * Plays each order in one of the threads, begun in their order; rejects after an abort, when all threads have ended.
 */
export async function playOrders(orders: Iterable<Order>, options: OrdersOptions): Promise<void> {
  const { signal, onResult, threads: wanted = availableParallelism() } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const waiting = orders[Symbol.iterator]();
  let next = waiting.next();
  const take = () => {
    if (signal?.aborted || next.done) return undefined;
    const order = next.value;
    next = waiting.next();
    return order;
  };
  const playAll = async () => {
    const thread = new PlayThread(limits);
    try {
      for (let order = take(); order; order = take()) onResult(await thread.play(order, signal));
    } finally {
      await thread.end();
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, wanted) }, playAll));
  signal?.throwIfAborted();
}

function orderFor(entry: CatalogueEntry, options: RunOptions): Order {
  const { seed, traceFolder } = options;
  const environment = options.environment(entry);
  return {
    entry,
    environment,
    seed,
    ...(traceFolder === undefined ? {} : { traceFile: join(traceFolder, `${entry.name}.ndjson`) }),
  };
}
