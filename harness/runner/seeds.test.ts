/**
 * Many seeds: each is played with each scenario, what does not pass is told with its line, and the same run gives the
 * same digest.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { seedsJson, seedsPassed, seedsText } from '../reports/seeds.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { CommitError, commitOfSources, seedsOf } from './commit-seeds.ts';
import { runSeeds, type SeedsOptions } from './seeds.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-seeds-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Judges by chance, which follows from the seed: names of pods are drawn from it. */
function entry(name: string, verdict: string): CatalogueEntry {
  const file = join(folder, `${name}.mjs`);
  const play = `async play({ given, when, then }) {
    await given.task('t', { script: 'print hi' });
    await when.timePasses('10s');
    await then.holds('it is so', ({ pods }) => (${verdict}));
  }`;
  writeFileSync(file, `export default { title: 't', ${play} };`);
  return { name, file, about: '' };
}

const always = entry('always', "({ value: 'true', because: pods[0].name })");
const never = entry('never', "({ value: 'false', because: 'seen ' + pods[0].name })");
const options = (more: Partial<SeedsOptions>): SeedsOptions => ({
  entries: [always],
  range: { first: 3, last: 5 },
  threads: 1,
  ...more,
});

test('all seeds are played with all scenarios; what fails is sorted, and has its replay line and its reason', async () => {
  const seeds: number[] = [];
  const report = await runSeeds(options({ entries: [never, always], threads: 2, onSeed: (seed) => seeds.push(seed) }));
  expect(report).toMatchObject({ passed: 3, failed: 3, unknown: 0, playedTo: 5 });
  expect(seeds).toEqual([3, 4, 5]);
  expect(report.bad.map(({ replay }) => replay)).toEqual([3, 4, 5].map((seed) => `orrery run never --seed ${seed}`));
  expect(new Set(report.bad.map(({ verdict }) => verdict.because)).size).toBe(3);
  expect(seedsPassed(report)).toBe(false);
  const text = seedsText(report, { color: false });
  expect(text).toMatch(
    /replay: orrery run never --seed 4\n {2}false: it is so \(seen t-\w+\)\n {4}at .*never\.mjs:4\n {4}Task t runs once/,
  );
  expect(text).toContain('3 passed, 3 failed, 0 unknown (2 scenarios, seeds 3..5');
  expect(JSON.parse(seedsJson(report)).bad[0]).not.toHaveProperty('recording');
}, 60_000);

test('two runs of the same seeds have one digest, whatever the threads; other seeds have another', async () => {
  const entries = [always, never];
  const one = await runSeeds(options({ entries }));
  const two = await runSeeds(options({ entries, threads: 2 }));
  const other = await runSeeds(options({ entries, range: { first: 4, last: 6 } }));
  expect(two.digest).toBe(one.digest);
  expect(other.digest).not.toBe(one.digest);
}, 60_000);

test('an abort, and a budget, end it after whole seeds, with the line that goes on; neither passes', async () => {
  const stopping = new AbortController();
  const aborted = await runSeeds(
    options({ signal: stopping.signal, onSeed: (seed) => seed === 4 && stopping.abort() }),
  );
  expect(aborted.playedTo).toBe(4);
  expect(seedsText(aborted, { color: false })).toContain('go on with orrery run --seeds 5..5 always');
  let left = 2;
  const bounded = await runSeeds(options({ goesOn: () => left-- > 0 }));
  expect(bounded).toMatchObject({ passed: 2, playedTo: 4 });
  expect([aborted, bounded].map(seedsPassed)).toEqual([false, false]);
}, 60_000);

describe('seeds of a commit', () => {
  test('follow from its hash', () => {
    expect(seedsOf('0000000a1bcd', 3)).toEqual({ first: 10, last: 12 });
    expect(seedsOf('ffffffff', 1)).toEqual({ first: 4_294_967_295, last: 4_294_967_295 });
  });

  test.each(['', 'main', '12345'])('%j is none', (commit) => expect(() => seedsOf(commit, 1)).toThrow(CommitError));

  test('these sources have one', () => expect(seedsOf(commitOfSources(), 1).first).toBeGreaterThan(0));
});
