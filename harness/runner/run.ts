/** Runs scenarios in parallel, one World a thread, and gathers their results sorted by name. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { unknown } from '../invariants/verdict.ts';
import { emptyRecording } from '../recording/recording.ts';
import type { ScenarioResult } from '../reports/model.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { Progress } from './progress.ts';
import { isPendingAnswer, type PendingAnswer, startWatchdog } from './watchdog.ts';

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
  /** A play that makes no progress for so long in real time, ms, is ended; two minutes when absent. */
  readonly stallMs?: number;
}

const defaultStallMs = 120_000;

/** What a thread is told to play. */
export interface Order {
  readonly entry: CatalogueEntry;
  readonly environment: string;
  readonly seed: number;
  readonly traceFile?: string;
}

export async function run(options: RunOptions): Promise<ScenarioResult[]> {
  const waiting = [...options.entries];
  const results: ScenarioResult[] = [];
  const count = Math.min(Math.max(1, options.threads ?? availableParallelism()), waiting.length);
  const take = () => (options.signal?.aborted ? undefined : waiting.shift());
  const threads = Array.from({ length: count }, async () => {
    const thread = new PlayThread(options.stallMs ?? defaultStallMs);
    try {
      for (let entry = take(); entry; entry = take()) {
        const result = await thread.play(orderFor(entry, options), options.signal);
        results.push(result);
        options.onResult?.(result);
      }
    } finally {
      await thread.end();
    }
  });
  await Promise.all(threads);
  options.signal?.throwIfAborted();
  return results.sort((left, right) => (left.name < right.name ? -1 : 1));
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

/** One worker thread, replaced after a crash. */
class PlayThread {
  readonly #stallMs: number;
  readonly #progress = new Progress();
  #worker: Worker | undefined;

  constructor(stallMs: number) {
    this.#stallMs = stallMs;
  }

  async play(order: Order, signal?: AbortSignal): Promise<ScenarioResult> {
    this.#worker ??= new Worker(
      new URL(import.meta.url.endsWith('.js') ? './thread.js' : './thread.ts', import.meta.url),
      { workerData: this.#progress.buffer },
    );
    const worker = this.#worker;
    return new Promise((resolve) => {
      const settle = (result: ScenarioResult) => {
        stopWatching();
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        signal?.removeEventListener('abort', onAbort);
        resolve(result);
      };
      const crash = (why: string) => {
        this.#worker = undefined;
        settle(crashed(order, why));
      };
      const onError = (error: unknown) => crash(`its thread crashed: ${String(error)}`);
      const onExit = (code: number) => crash(`its thread ended with ${code}`);
      const onAbort = () => {
        void worker.terminate();
        crash('stopped');
      };
      const onMessage = (message: ScenarioResult | PendingAnswer) => {
        if (!isPendingAnswer(message)) settle(message);
      };
      const onStall = (why: string) => {
        void worker.terminate();
        crash(why);
      };
      this.#progress.reached(0);
      this.#progress.began('');
      const stopWatching = startWatchdog({ worker, progress: this.#progress, stallMs: this.#stallMs, onStall });
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      signal?.addEventListener('abort', onAbort, { once: true });
      worker.postMessage(order);
    });
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
  }
}

function crashed(order: Order, why: string): ScenarioResult {
  const { entry, seed, environment } = order;
  return {
    name: entry.name,
    title: entry.name,
    about: entry.about,
    environment,
    seed,
    verdict: unknown(why),
    steps: [],
    judgements: [],
    plannedStarts: [],
    recording: emptyRecording(0),
    traceHash: '',
    traceEvents: 0,
    requests: 0,
    virtualMs: 0,
    realMs: 0,
    replay: `orrery run ${entry.name} --seed ${seed}`,
  };
}
