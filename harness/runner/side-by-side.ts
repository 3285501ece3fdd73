/**
 * Plays all scenarios at once in this thread: in real time they mostly wait, and one cluster serves them all. Those that have one namespace for all of
 * them are played one after the other.
 */
import { unknown } from '../invariants/verdict.ts';
import type { ScenarioResult } from '../reports/model.ts';
import { type CatalogueEntry, load } from './catalogue.ts';
import { type EnvironmentKind, play } from './play.ts';

export interface SideBySideOptions {
  readonly entries: readonly CatalogueEntry[];
  readonly kind: EnvironmentKind;
  readonly seed: number;
  readonly onResult?: (result: ScenarioResult) => void;
  readonly signal?: AbortSignal;
}

/** Results sorted by name. What the environments share has ended when it resolves, also after an abort, for which it rejects. */
export async function runSideBySide(options: SideBySideOptions): Promise<ScenarioResult[]> {
  const { entries, kind, signal } = options;
  const end = async () => {
    await kind.end?.();
  };
  // Those that wait are woken by the end of what they wait on.
  const onAbort = () => void end();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const results = kind.oneAtATime
      ? await inTurn(entries, options)
      : await Promise.all(entries.map((entry) => playOne(entry, options)));
    signal?.throwIfAborted();
    return results.sort((left, right) => (left.name < right.name ? -1 : 1));
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await end();
  }
}

async function inTurn(entries: readonly CatalogueEntry[], options: SideBySideOptions): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  for (const entry of entries) results.push(await playOne(entry, options));
  return results;
}

async function playOne(entry: CatalogueEntry, options: SideBySideOptions): Promise<ScenarioResult> {
  const { kind, seed, onResult, signal } = options;
  const scenario = await load(entry);
  // Nothing is brought up after the end.
  signal?.throwIfAborted();
  const played = await play({ entry, scenario, kind, seed, wallNow: () => performance.now() });
  const verdict = signal?.aborted ? unknown('stopped') : played.verdict;
  // Real time is not won back.
  const result = { ...played, verdict, virtualMs: 0, replay: `orrery run ${entry.name} --env ${kind.name}` };
  if (!signal?.aborted) onResult?.(result);
  return result;
}
