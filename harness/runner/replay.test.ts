/**
 * Every run is replayable from its seed: all scenarios, twice with one seed and once with another, in processes of
 * their own that run side by side and so disturb each other's real time. One of them plays in one thread, so that each
 * scenario comes after other ones than elsewhere.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunReport, ScenarioResult } from '../reports/model.ts';
import { catalogue, choose } from './catalogue.ts';
import { run } from './run.ts';

const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const scenarios = catalogue(fileURLToPath(new URL('../../scenarios', import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'orrery-replay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PROCESSES_TIMEOUT_MS = 900_000;

/** Plays all scenarios in a process of its own; by name. */
async function inProcess(name: string, ...flags: string[]): Promise<Map<string, ScenarioResult>> {
  const json = join(folder, `${name}.json`);
  const child = spawn(process.execPath, ['--no-warnings', main, 'run', '--json', json, ...flags]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += bytes));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`orrery run ${flags.join(' ')} ended with ${code}:\n${output}`);
  const report = JSON.parse(readFileSync(json, 'utf8')) as RunReport;
  return new Map(report.scenarios.map((scenario) => [scenario.name, scenario]));
}

let first: Map<string, ScenarioResult>;
let again: Map<string, ScenarioResult>;
let other: Map<string, ScenarioResult>;

beforeAll(async () => {
  [first, again, other] = await Promise.all([
    inProcess('first', '--seed', '7'),
    inProcess('again', '--seed', '7', '--threads', '1'),
    inProcess('other', '--seed', '8'),
  ]);
}, PROCESSES_TIMEOUT_MS);

const played = (results: Map<string, ScenarioResult>) =>
  [...results.values()].filter(({ verdict }) => verdict.value !== 'not here');
const hashes = (results: Map<string, ScenarioResult>) =>
  Object.fromEntries(played(results).map(({ name, traceHash, traceEvents }) => [name, [traceHash, traceEvents]]));
const verdicts = (results: Map<string, ScenarioResult>) =>
  [...results.values()].map(({ name, verdict, judgements }) => [name, verdict.value, judgements.map(judgedAs)]);
const judgedAs = ({ sentence, verdict }: ScenarioResult['judgements'][number]) => `${verdict.value}: ${sentence}`;

test('the same seed gives the same trace of every scenario, in another process and after other scenarios', () => {
  expect([...first.keys()]).toEqual(scenarios.map(({ name }) => name));
  expect(played(first).length).toBeGreaterThan(20);
  expect(hashes(again)).toEqual(hashes(first));
});

test('the same seed gives the same judgements, word for word', () => {
  const words = (results: Map<string, ScenarioResult>) => played(results).map(({ judgements }) => judgements);
  expect(words(again)).toEqual(words(first));
});

test('another seed gives another trace of every scenario that is played', () => {
  const same = played(other).filter(({ name, traceHash }) => first.get(name)?.traceHash === traceHash);
  expect(same.map(({ name }) => name)).toEqual([]);
});

test('another seed gives the same verdicts', () => expect(verdicts(other)).toEqual(verdicts(first)));

test('a scenario leaves nothing behind in its thread: it comes out the same first, again, and after others', async () => {
  const names = ['tasks-once', 'tasks-once', 'crash-operator-restart', 'tasks-once', 'overlap-replace', 'tasks-once'];
  const entries = names.flatMap((name) => choose(scenarios, [name]));
  const results = await run({ entries, environment: () => 'sim', seed: 7, threads: 1 });
  const own = results.filter(({ name }) => name === 'tasks-once').map(({ traceHash }) => traceHash);
  expect(own).toEqual(Array.from({ length: 4 }, () => first.get('tasks-once')?.traceHash));
  expect(own[0]).toMatch(/^[0-9a-f]{16,}$/);
});
