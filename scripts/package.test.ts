/**
 * The published package works: packed as npm would publish it, installed into an empty folder, and run there. Node.js
 * refuses to strip types below node_modules, so this is where a missing build would show.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'orrery-package-'));
const installed = join(folder, 'node_modules', 'orrery');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, parameters: readonly string[], cwd = folder): string {
  const done = spawnSync(command, parameters, { cwd, encoding: 'utf8' });
  if (done.status !== 0)
    throw new Error(`${command} ${parameters.join(' ')} ended with ${done.status}:\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

beforeAll(() => {
  run('npm', ['pack', '--pack-destination', folder], root);
  const [archive] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${archive}`]);
});

test('the installed command plays a scenario', () => {
  const out = run(process.execPath, [join(installed, 'bin', 'orrery.mjs'), 'run', 'tasks-once']);
  expect(out).toContain('1 passed, 0 failed');
});

test.each(['python', 'typescript'])('the installed fabric writes a skill in %s', (language) => {
  const entry = join(installed, 'bin', 'fabric.mjs');
  const out = run(process.execPath, [entry, 'workspaces', 'generate', `in-${language}`, '--language', language]);
  const action = `skills/in-${language}/actions/in-${language}`;
  const program = language === 'python' ? 'main.py' : 'main.ts';
  expect(out.split('\n')).toEqual(expect.arrayContaining([`${action}/Dockerfile`, `${action}/${program}`]));
  expect(existsSync(join(folder, action, '.dockerignore'))).toBe(true);
});

test('the package holds what it needs and no sources or tests', () => {
  expect(existsSync(join(installed, 'fixtures', 'skills', 'job', 'main.py'))).toBe(true);
  expect(existsSync(join(installed, 'deploy', 'base', 'operator.yaml'))).toBe(true);
  const files = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => !file.startsWith(join('fabric', 'cli', 'templates')),
  );
  expect(files.filter((file) => file.includes('.test.') || (file.endsWith('.ts') && !file.endsWith('.d.ts')))).toEqual(
    [],
  );
});

test('a Node.js that is too old gets an explanation', () => {
  const entry = join(installed, 'bin', 'orrery.mjs');
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '20.1.0' }); await import(${JSON.stringify(entry)});`;
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', pretend], { encoding: 'utf8' });
  expect(done.status).toBe(2);
  expect(done.stderr).toContain('orrery needs Node.js 22.18 or later, and this is 20.1.0');
});
