/** Completion scripts: run by the shells that are here, and told from the command tree. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCli } from '../cli.fixture.ts';
import { areas } from '../commands/areas.ts';
import { allCommands, commonOptions } from '../program.ts';
import { nodesOf } from './tree.ts';

const script = async (shell: string) => (await openCli().run(['completion', shell])).out;
const has = (program: string) => spawnSync(program, ['--version']).status === 0;

describe('the tree', () => {
  const nodes = nodesOf(allCommands, areas, commonOptions);
  const at = (...path: string[]) => nodes.find((node) => node.path.join(' ') === path.join(' '));

  test('has the areas first, and the commands of each below', () => {
    expect(at()?.words.map(({ word }) => word)).toContain('tasks');
    expect(at('tasks')?.words.map(({ word }) => word)).toContain('pauseSchedule');
    expect(at('tasks', 'list')?.words).toEqual([]);
  });

  test('has the flags of each command, and those of all', () => {
    const flags = at('tasks', 'list')?.options.map(({ long }) => long);
    expect(flags).toEqual(expect.arrayContaining(['--scheduled', '--limit', '--project']));
    expect(at('configure')?.options.map(({ long }) => long)).toContain('--file');
  });
});

test.skipIf(!has('bash'))('bash completes commands, flags and their values', async () => {
  const cases = [
    ['fabric', 'ta'],
    ['fabric', 'tasks', 'pa'],
    ['fabric', '--project', 'p', 'tasks', 'list', '--sch'],
    ['fabric', 'tasks', 'list', '--color', ''],
    ['fabric', 'configure', 'set'],
  ];
  const asked = cases.map((words) => `ask ${words.map((word) => `'${word}'`).join(' ')}`).join('\n');
  const ask = `ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _fabric; echo "\${COMPREPLY[*]}"; }`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', `${await script('bash')}\n${ask}\n${asked}`], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toEqual([
    'tasks',
    'pauseSchedule',
    '--scheduled --scheduleName',
    'on off',
    'set-profile',
  ]);
});

test.skipIf(!has('zsh'))('zsh reads its script', async () => {
  const { status, stderr } = spawnSync('zsh', ['-f', '-n'], { input: await script('zsh'), encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

test.skipIf(!has('fish'))('fish completes commands', async () => {
  // It reads no script from a socket, which Node.js hands to its children.
  const folder = mkdtempSync(join(tmpdir(), 'fabric-fish-'));
  const file = join(folder, 'fabric.fish');
  writeFileSync(file, `${await script('fish')}\ncomplete -C "fabric tasks pa"\n`);
  const { stdout, stderr } = spawnSync('fish', ['--no-config', file], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  expect([stdout, stderr]).toEqual([expect.stringContaining('pauseSchedule'), '']);
});

test.each(['zsh', 'fish'])('the script for %s names each command', async (shell) => {
  const text = await script(shell);
  for (const { path } of allCommands) expect(text).toContain(path.at(-1));
});

test('another shell is refused with those that there are', async () => {
  const { code, err } = await openCli().run(['completion', 'tcsh']);
  expect([code, err]).toEqual([2, expect.stringContaining('bash, zsh, fish')]);
});
