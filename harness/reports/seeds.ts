/** What a run of many seeds says: counts, and each play that did not pass with the line that replays it. */
import type { ScenarioResult } from './model.ts';
import { failureLines, type TerminalOptions } from './terminal.ts';

/** Both included. */
export interface SeedRange {
  readonly first: number;
  readonly last: number;
}

export interface SeedsReport {
  readonly range: SeedRange;
  /** Up to this seed all scenarios were played with all seeds; before the first when there is none. */
  readonly playedTo: number;
  readonly scenarios: readonly string[];
  /** How many plays came out how. */
  readonly passed: number;
  readonly failed: number;
  readonly unknown: number;
  readonly notHere: number;
  /** Plays that failed or are unknown, by scenario and seed; without recordings. */
  readonly bad: readonly ScenarioResult[];
  /** Over verdicts and traces of all plays: two runs of the same code and seeds have the same. */
  readonly digest: string;
}

/** True when every seed of the range was played with every scenario, something was judged, and all of it is true. */
export function seedsPassed({ range, playedTo, passed, bad }: SeedsReport): boolean {
  return playedTo === range.last && passed > 0 && bad.length === 0;
}

export function seedsText(report: SeedsReport, options: TerminalOptions): string {
  const { range, playedTo, passed, failed, unknown, notHere, digest, scenarios } = report;
  const counts = [`${passed} passed`, `${failed} failed`, `${unknown} unknown`];
  if (notHere > 0) counts.push(`${notHere} not here`);
  const lines = [
    ...report.bad.flatMap((result) => failureLines(result, options)),
    '',
    `${counts.join(', ')} (${scenarios.length} scenarios, seeds ${range.first}..${range.last}, digest ${digest.slice(0, 16)})`,
  ];
  if (playedTo < range.last) {
    const from = playedTo + 1;
    lines.push(`not played to the end: go on with orrery run --seeds ${from}..${range.last} ${scenarios.join(' ')}`);
  }
  return lines.join('\n');
}

export function seedsJson(report: SeedsReport): string {
  const bad = report.bad.map(({ recording: _, steps: __, plannedStarts: ___, ...result }) => result);
  return `${JSON.stringify({ ...report, bad }, null, 2)}\n`;
}
