/**
 * Plays scenarios at once in this thread, all or as many as the cluster that they share can bear: in real time they
 * mostly wait.
 */

import type { EnvironmentProvider } from '../environments/provider.ts';
import { unknown } from '../invariants/verdict.ts';
import type { ScenarioResult } from '../reports/model.ts';
import { blankResult } from './blank-result.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { playEntry } from './play.ts';
import { Strays } from './strays.ts';

export interface SideBySideOptions {
  readonly entries: readonly CatalogueEntry[];
  readonly kind: EnvironmentProvider;
  readonly seed: number;
  readonly onResult?: (result: ScenarioResult) => void;
  readonly signal?: AbortSignal;
  /** A scenario that still plays after so long is unknown, ms; half an hour when absent. */
  readonly limitMs?: number;
}

const defaultLimitMs = 1_800_000;

/**
 * Results sorted by name. What the environments share has ended when it resolves, also after an abort, for which it
 * rejects.
 */
export async function runSideBySide(options: SideBySideOptions): Promise<ScenarioResult[]> {
  const { entries, kind, signal } = options;
  const end = async () => {
    await kind.end?.();
  };
  // Those that wait are woken by the end of what they wait on.
  const onAbort = () => void end();
  signal?.addEventListener('abort', onAbort, { once: true });
  const strays = new Strays(entries.map(({ file }) => file));
  try {
    const results = await inTurns(entries, options, strays);
    signal?.throwIfAborted();
    return results.sort((left, right) => (left.name < right.name ? -1 : 1));
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await end();
    strays.stop();
  }
}

/** The first ones begin together; each of the others when one has ended. */
async function inTurns(
  entries: readonly CatalogueEntry[],
  options: SideBySideOptions,
  strays: Strays,
): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  const left = [...entries];
  const player = async () => {
    for (let entry = left.shift(); entry; entry = left.shift()) results.push(await playOne(entry, options, strays));
  };
  await Promise.all(Array.from({ length: options.kind.atOnce ?? entries.length }, player));
  return results;
}

async function playOne(entry: CatalogueEntry, options: SideBySideOptions, strays: Strays): Promise<ScenarioResult> {
  const { kind, seed, onResult, signal, limitMs = defaultLimitMs } = options;
  const playing = playEntry({ entry, kind, seed, wallNow: () => performance.now(), ...(signal ? { signal } : {}) });
  const played = await within(limitMs, playing, () => tooLong(entry, options, limitMs));
  const stray = strays.of(entry.file);
  const verdict = signal?.aborted ? unknown('stopped') : stray === undefined ? played.verdict : unknown(stray);
  // Real time is not won back.
  const result = { ...played, verdict, virtualMs: 0, replay: `orrery run ${entry.name} --env ${kind.name}` };
  if (!signal?.aborted) onResult?.(result);
  return result;
}

function tooLong(entry: CatalogueEntry, { kind, seed }: SideBySideOptions, limitMs: number): ScenarioResult {
  const because = `it does not end: it still plays after ${limitMs / 1000} s`;
  return { ...blankResult({ entry, environment: kind.name, seed }), verdict: unknown(because) };
}

/** What `work` resolves with, or `late()` when it takes longer. */
async function within<T>(limitMs: number, work: Promise<T>, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(late()), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
