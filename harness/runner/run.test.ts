/** Running scenarios in threads: a thread that crashes takes nobody with it, and an abort ends all. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { type CatalogueEntry, catalogue, choose } from './catalogue.ts';
import { type RunOptions, run } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scenarios = catalogue(fileURLToPath(new URL('../../scenarios', import.meta.url)));
const good = choose(scenarios, ['tasks-once']);

function entry(name: string, source: string): CatalogueEntry {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, source);
  return { name, file, about: 'for a test' };
}

const playing = (body: string) => `export default { title: 't', needs: [], fabric: {}, async play() { ${body} } };`;

const running = (entries: readonly CatalogueEntry[], options: Partial<RunOptions> = {}) =>
  run({ entries, environment: () => 'sim', seed: 7, threads: 1, ...options });

const values = async (...args: Parameters<typeof running>) =>
  (await running(...args)).map(({ name, verdict }) => `${name}: ${verdict.value}, ${verdict.because}`);

test('a thread that ends, a scenario that cannot be read, an unknown environment: unknown, and the next is played', async () => {
  const ends = entry('a-ends', playing('process.exit(3);'));
  const throws = entry(
    'b-throws',
    playing('queueMicrotask(() => { throw new Error("loose"); }); await new Promise(() => {});'),
  );
  const broken = entry('c-broken', 'export default {');
  const seen: string[] = [];
  const results = await values([ends, throws, broken, ...good], { onResult: ({ name }) => seen.push(name) });
  expect(results).toEqual([
    expect.stringMatching(/^a-ends: unknown, its thread ended with 3/),
    expect.stringMatching(/^b-throws: unknown, its thread crashed: Error: loose/),
    expect.stringMatching(/^c-broken: unknown, .*c-broken\.mjs: SyntaxError: Unexpected end of input/),
    expect.stringMatching(/^tasks-once: true/),
  ]);
  expect(seen).toEqual(['a-ends', 'b-throws', 'c-broken', 'tasks-once']);
  expect(await values(good, { environment: () => 'moon' })).toEqual([
    expect.stringMatching(/^tasks-once: unknown, .*no environment "moon"/),
  ]);
});

test('results are sorted by name, however many threads there are', async () => {
  const names = ['tasks-once', 'retries-active-deadline', 'outage-content'];
  const entries = names.flatMap((name) => choose(scenarios, [name]));
  const results = await running(entries, { threads: 3 });
  expect(results.map(({ name }) => name)).toEqual([...names].sort());
  expect(results.map(({ verdict }) => verdict.value)).toEqual(['true', 'true', 'true']);
});

test('no thread at all is one thread', async () => {
  expect(await running(good, { threads: 0 })).toHaveLength(1);
});

test('plays that make no progress are ended with what they wait for, and the next is played', async () => {
  const hanging = (body: string) =>
    `export default { title: 't', needs: [], fabric: {}, async play({ given, when }) { await when.timePasses('1m'); ${body} } };`;
  const pods = "{ group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true }";
  const waits = entry('f-waits', hanging('await new Promise(() => {});'));
  const unpassed = entry('g-unpassed', hanging(`await given.kubernetes.list(${pods});`));
  const loops = entry('h-loops', hanging('for (;;) {}'));
  // Long enough for a loaded machine to get three threads to their first instant.
  const results = await values([waits, unpassed, loops, ...good], { limits: { stallMs: 15_000 }, threads: 3 });
  expect(results).toEqual([
    expect.stringMatching(
      /^f-waits: unknown, it hangs: no progress in 15 s .*, at 2026-01-01T00:01:.*after its step "when 1m pass"; no request is under way/,
    ),
    expect.stringMatching(/^g-unpassed: unknown, it hangs: .*harness -> kubernetes:443 GET \/api\/v1\/pods/),
    expect.stringMatching(/^h-loops: unknown, it hangs: .*after its step "when 1m pass"; its thread is in a loop/),
    expect.stringMatching(/^tasks-once: true/),
  ]);
}, 120_000);

test('an abort ends the thread in the middle of a play and rejects', async () => {
  const stopping = new AbortController();
  const endless = entry('d-endless', playing('for (;;) {}'));
  const late = entry('e-late', playing(''));
  const seen: string[] = [];
  const whole = running([...good, endless, late], {
    signal: stopping.signal,
    onResult({ name, verdict }) {
      seen.push(`${name} ${verdict.because}`);
      // The endless one is handed to the thread as soon as this returns.
      queueMicrotask(() => setImmediate(() => stopping.abort(new Error('enough'))));
    },
  });
  await expect(whole).rejects.toThrow('enough');
  expect(seen.map((words) => words.split(' ')[0])).toEqual(['tasks-once', 'd-endless']);
  expect(seen[1]).toBe('d-endless stopped');
});

test('an abort before the start plays nothing', async () => {
  await expect(running(good, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
});
