/**
 * One worker thread that plays what it is told, watched from here: whatever a play does to its thread, a result comes
 * of it.
 */
import { Worker } from 'node:worker_threads';
import { unknown } from '../invariants/verdict.ts';
import type { ScenarioResult } from '../reports/model.ts';
import { raisedAt } from '../scenario/source-position.ts';
import { blankResult } from './blank-result.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { Progress } from './progress.ts';
import { thrownWords } from './thrown.ts';
import { isPendingAnswer, type PendingAnswer, startWatchdog } from './watchdog.ts';

/** What a thread is told to play. */
export interface Order {
  readonly entry: CatalogueEntry;
  readonly environment: string;
  readonly seed: number;
  readonly traceFile?: string;
  /** Without recording, steps and planned starts in the result: many plays are counted, not shown. */
  readonly brief?: boolean;
}

/** Real time, ms. */
export interface PlayLimits {
  /** A play that makes no progress for so long is ended. */
  readonly stallMs: number;
  /** So is one that still plays after so long, whatever progress it makes. */
  readonly limitMs: number;
}

export const defaultLimits: PlayLimits = { stallMs: 120_000, limitMs: 900_000 };

/** Its worker is replaced after a crash. */
export class PlayThread {
  readonly #limits: PlayLimits;
  readonly #progress = new Progress();
  #worker: Worker | undefined;

  constructor(limits: PlayLimits) {
    this.#limits = limits;
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
      const onError = (error: unknown) => crash(crashWords(error));
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
      const stopWatching = startWatchdog({ worker, progress: this.#progress, ...this.#limits, onStall });
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      signal?.addEventListener('abort', onAbort, { once: true });
      worker.postMessage(order);
    });
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
  }
}

/** A rejection that nobody handles, or an error thrown from a callback, ends the thread. */
function crashWords(error: unknown): string {
  const place = raisedAt(error);
  return `its thread crashed: ${thrownWords(error)}${place === undefined ? '' : ` (at ${place})`}`;
}

function crashed({ entry, environment, seed }: Order, why: string): ScenarioResult {
  return { ...blankResult({ entry, environment, seed }), verdict: unknown(why) };
}
