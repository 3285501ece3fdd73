/** docs/cli.md is that of the command tree, each command once. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { areas } from '../../fabric/cli/commands/areas.ts';
import { allCommands } from '../../fabric/cli/program.ts';
import { reference, referenceFile } from './reference.ts';

test('the reference is up to date: node scripts/cli/main.ts', () => {
  expect(readFileSync(referenceFile, 'utf8')).toBe(reference());
});

test('no command stands twice, and each area says what it is for', () => {
  const names = allCommands.map(({ path }) => path.join(' '));
  expect(names).toEqual([...new Set(names)]);
  const unexplained = allCommands.filter(({ path }) => path.length > 1 && !Object.hasOwn(areas, path[0] ?? ''));
  expect(unexplained.map(({ path }) => path.join(' '))).toEqual([]);
});

test('the tree of folders is the tree of commands', () => {
  const pages = readFileSync(referenceFile, 'utf8');
  for (const { path } of allCommands) expect(pages).toContain(`### \`fabric ${path.join(' ')}`);
});
