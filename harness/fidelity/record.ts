/**
 * What a comparison with real Kubernetes found, as data: kept in `results/`, so that docs/fidelity.md is a function of
 * it and a changed answer is a diff.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export const suiteNames = ['exchanges', 'controllers', 'kubectl', 'conformance'] as const;
export type SuiteName = (typeof suiteNames)[number];

/** `accepted` is a difference with a reason; `not applicable` is what the simulator does not have, with the reason. */
export type Outcome = 'equal' | 'accepted' | 'different' | 'not applicable';

export interface CaseRecord {
  readonly topic: string;
  readonly name: string;
  readonly outcome: Outcome;
  /** Resources (`jobs.batch`) and rules (`semantics 2.5`) that the case exercises. */
  readonly subjects: readonly string[];
  /** One sentence each: why the outcome is not `equal`. */
  readonly why: readonly string[];
}

export interface SuiteRecord {
  readonly suite: SuiteName;
  readonly cases: readonly CaseRecord[];
}

export interface SuiteRun {
  readonly record: SuiteRecord;
  /** For people: each unexplained difference, a text of several lines. */
  readonly different: readonly string[];
  /** Accepted differences that were not seen any more: to be removed from their list. */
  readonly unused: readonly string[];
}

export interface SuiteOptions {
  /** Plays only the cases whose `topic: name` contains this text. */
  readonly only?: string;
  /** Told what happens, a line each. */
  readonly print: (line: string) => void;
}

/** One way of holding the simulator against real Kubernetes. */
export interface Suite {
  readonly name: SuiteName;
  /** The line that says which programs are missing, when the suite cannot run here. */
  missing(environment: NodeJS.ProcessEnv): string | undefined;
  run(options: SuiteOptions): Promise<SuiteRun>;
}

const folder = new URL('results/', import.meta.url);

export function readRecord(suite: SuiteName): SuiteRecord {
  const file = fileOf(suite);
  if (!existsSync(file)) return { suite, cases: [] };
  return JSON.parse(readFileSync(file, 'utf8')) as SuiteRecord;
}

export function writeRecord(record: SuiteRecord): void {
  writeFileSync(fileOf(record.suite), recordText(record));
}

/** One case a line, so that a change reads as a line of a diff. */
export function recordText({ suite, cases }: SuiteRecord): string {
  const lines = cases.map((each) => `    ${JSON.stringify(each)}`);
  return `{\n  "suite": "${suite}",\n  "cases": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

function fileOf(suite: SuiteName): URL {
  return new URL(`${suite}.json`, folder);
}
