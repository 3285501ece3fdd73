/**
 * The cases of a real Job controller (fixtures/kubernetes/tables.json, lists jobSync, jobBackoff, jobIndexes,
 * jobPodNames), each a single sync against an API server that only records. Format: semantics 6.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { remainingBackoffMs } from './backoff.ts';
import { countIndexes, formatIndexes, parseIndexes, withIndexes } from './indexes.ts';
import { podGenerateName } from './pod-template.ts';
import { runSync, type SyncCase, sortedLists } from './sync-case.fixture.ts';

interface Tables {
  readonly jobSync: SyncCase[];
  readonly jobBackoff: {
    id: string;
    input: { consecutiveFailures: number; secondsSinceLastFailure: number };
    expect: { remainingMs: number };
  }[];
  readonly jobIndexes: {
    id: string;
    input: { completedIndexes: string; completions: number; newIndexes: number[] };
    expect: { text: string; total: number };
  }[];
  readonly jobPodNames: { id: string; input: { jobName: string; index: number }; expect: { generateName: string } }[];
}

const path = new URL('../../../fixtures/kubernetes/tables.json', import.meta.url);
const tables = JSON.parse(readFileSync(path, 'utf8')) as Tables;

describe('one sync does what the real controller does', () => {
  test.each(tables.jobSync.map((entry) => [`${entry.id}: ${entry.name}`, entry] as const))('%s', async (_, entry) => {
    const { createAttempts, ...expected } = entry.expect;

    const outcome = await runSync(entry.input);

    expect(sortedLists(outcome.facts)).toEqual(sortedLists(expected));
    if (createAttempts !== undefined) expect(outcome.createAttempts).toBe(createAttempts);
  });
});

test.each(tables.jobBackoff)('back-off $id', ({ input, expect: expected }) => {
  const record = { failures: input.consecutiveFailures, lastFailureAt: 0 };
  expect(remainingBackoffMs(record, input.secondsSinceLastFailure * 1000)).toBe(expected.remainingMs);
});

test.each(tables.jobIndexes)('index text $id', ({ input, expect: expected }) => {
  const indexes = withIndexes(parseIndexes(input.completedIndexes, input.completions), input.newIndexes);
  expect({ text: formatIndexes(indexes), total: countIndexes(indexes) }).toEqual(expected);
});

test.each(tables.jobPodNames)('pod name $id', ({ input, expect: expected }) => {
  expect(podGenerateName(input.jobName, input.index)).toBe(expected.generateName);
});
