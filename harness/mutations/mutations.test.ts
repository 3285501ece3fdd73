/**
 * The judges are judged: Fabric is broken on purpose, each fault in a process of its own, and a scenario must say so. A fault that nobody
 * catches would mean that a real one could go by as well.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { RunReport } from '../reports/model.ts';
import { mutations } from './catalogue.ts';
import { MutationError, mutate } from './mutation.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-mutations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const preload = new URL('./register.ts', import.meta.url).href;

function verdictsUnder(mutation: string, scenarios: readonly string[]): string[] {
  const json = join(folder, `${mutation}.json`);
  const run = spawnSync(
    process.execPath,
    ['--import', preload, main, 'run', ...scenarios, '--threads', '1', '--json', json],
    {
      encoding: 'utf8',
      env: { ...process.env, ORRERY_MUTATION: mutation },
    },
  );
  if (run.status !== 1) throw new Error(`the broken run ended with ${run.status}:\n${run.stdout}${run.stderr}`);
  const report = JSON.parse(readFileSync(json, 'utf8')) as RunReport;
  return report.scenarios.map((scenario) => scenario.verdict.value);
}

describe('Fabric broken on purpose is caught:', () => {
  test.each(mutations)('$description', ({ name, caughtBy }) => {
    expect(verdictsUnder(name, caughtBy)).toContain('false');
  });
});

test('a mutation whose place is not found once is an error, not a pass', () => {
  const mutation = { name: 'm', description: '', file: 'f', find: 'x', replace: 'y', caughtBy: [] };
  expect(() => mutate(mutation, 'a')).toThrow(MutationError);
  expect(() => mutate(mutation, 'x x')).toThrow(MutationError);
  expect(mutate(mutation, 'a x b')).toBe('a y b');
});
