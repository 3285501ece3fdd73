/**
 * The result of a play of which nothing was seen: the others begin with it, and those that do not come about stay so.
 */
import { unknown } from '../invariants/verdict.ts';
import { emptyRecording } from '../recording/recording.ts';
import type { ScenarioResult } from '../reports/model.ts';
import type { CatalogueEntry } from './catalogue.ts';

export interface Asked {
  readonly entry: CatalogueEntry;
  /** Name of the environment. */
  readonly environment: string;
  readonly seed: number;
  /** The scenario's own; its name where it cannot be read. */
  readonly title?: string;
}

export function blankResult({ entry, environment, seed, title = entry.name }: Asked): ScenarioResult {
  return {
    name: entry.name,
    title,
    about: entry.about,
    environment,
    seed,
    verdict: unknown('not played'),
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
