/**
 * What the last run of each mutation came to, kept beside the command: judging some of them again leaves the others as
 * they were.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { MutationResult } from '../../harness/mutations/judge.ts';

const file = new URL('./results.json', import.meta.url);

/** Of one mutation. */
export interface MutationRecord {
  readonly name: string;
  /** Scenario and sentence that found it; null when nothing did. */
  readonly scenario: string | null;
  readonly sentence: string | null;
}

export function readRecords(): MutationRecord[] {
  return JSON.parse(readFileSync(file, 'utf8')) as MutationRecord[];
}

export function writeRecords(records: readonly MutationRecord[]): void {
  const sorted = [...records].sort((left, right) => (left.name < right.name ? -1 : 1));
  writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
}

export function recordOf({ mutation, caught }: MutationResult): MutationRecord {
  return { name: mutation.name, scenario: caught?.scenario ?? null, sentence: caught?.sentence ?? null };
}

/** The records with these in the place of older ones; those of mutations that are no more are left out. */
export function renewed(
  records: readonly MutationRecord[],
  newer: readonly MutationRecord[],
  names: ReadonlySet<string>,
): MutationRecord[] {
  const byName = new Map([...records, ...newer].map((record) => [record.name, record]));
  return [...byName.values()].filter(({ name }) => names.has(name));
}
