/**
 * Scenarios that share an environment are played at once, and what they share ends with the last one, or with an abort.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EnvironmentProvider } from '../environments/provider.ts';
import { catalogue } from './catalogue.ts';
import { runSideBySide } from './side-by-side.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-side-by-side-'));
beforeAll(() => {
  mkdirSync(join(folder, 'a'));
  for (const name of ['one', 'two', 'three']) {
    writeFileSync(
      join(folder, 'a', `${name}.ts`),
      `export default { title: '${name}', needs: [], fabric: {}, async play() {} };`,
    );
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Comes up for nobody until all have asked, or until it ends. */
function meeting(guests: number) {
  let waiting: (() => void)[] = [];
  let ends = 0;
  const leave = () => {
    for (const go of waiting) go();
    waiting = [];
  };
  const kind: EnvironmentProvider = {
    name: 'meeting',
    abilities: new Set(),
    up: () =>
      new Promise((_resolve, reject) => {
        waiting.push(() => reject(new Error(`it is over after ${ends} ends`)));
        if (waiting.length === guests) leave();
      }),
    async end() {
      ends += 1;
      leave();
    },
  };
  return { kind, ends: () => ends };
}

test('all are played at once, results come by name, and the end comes once, at the end', async () => {
  const { kind, ends } = meeting(3);
  const seen: string[] = [];
  const results = await runSideBySide({
    entries: catalogue(folder),
    kind,
    seed: 1,
    onResult: ({ name }) => seen.push(name),
  });
  expect(results.map(({ name }) => name)).toEqual(['a-one', 'a-three', 'a-two']);
  expect(seen.sort()).toEqual(['a-one', 'a-three', 'a-two']);
  expect(results[0]?.verdict).toEqual({
    value: 'unknown',
    because: 'the environment did not come up: Error: it is over after 0 ends',
  });
  expect(results[0]?.replay).toBe('orrery run a-one --env meeting');
  expect(ends()).toBe(1);
});

test('an abort ends what they share, and those that wait with it', async () => {
  const { kind, ends } = meeting(4);
  const stopping = new AbortController();
  const running = runSideBySide({ entries: catalogue(folder), kind, seed: 1, signal: stopping.signal });
  stopping.abort(new Error('stopped by SIGINT'));
  await expect(running).rejects.toThrow('stopped by SIGINT');
  expect(ends()).toBeGreaterThan(0);
});

test('an environment that cannot be had here is "not here", with the reason', async () => {
  const kind: EnvironmentProvider = {
    name: 'elsewhere',
    abilities: new Set(),
    absence: () => 'etcd is missing',
    up: () => Promise.reject(new Error('brought up all the same')),
  };
  const [result] = await runSideBySide({ entries: catalogue(folder), kind, seed: 1 });
  expect(result?.verdict).toEqual({ value: 'not here', because: 'etcd is missing' });
});

test('where all share one place only one is played at a time, by name', async () => {
  const log: string[] = [];
  let playing = 0;
  const kind: EnvironmentProvider = {
    name: 'narrow',
    abilities: new Set(),
    sideBySide: true,
    atOnce: 1,
    async up() {
      playing += 1;
      log.push(`${playing} at once`);
      await new Promise((resolve) => setImmediate(resolve));
      playing -= 1;
      throw new Error('enough was seen');
    },
  };
  const results = await runSideBySide({ entries: catalogue(folder), kind, seed: 1 });
  expect(results.map(({ name }) => name)).toEqual(['a-one', 'a-three', 'a-two']);
  expect(log).toEqual(['1 at once', '1 at once', '1 at once']);
});
