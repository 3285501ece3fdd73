import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mutations } from '../../harness/mutations/catalogue/index.ts';
import { mutationsPage } from './page.ts';
import { readRecords, renewed } from './record.ts';

test('docs/mutations.md is what the last runs came to: `npm run mutations` writes it', () => {
  const held = readFileSync(new URL('../../docs/mutations.md', import.meta.url), 'utf8');
  expect(held).toBe(mutationsPage(mutations, readRecords()));
});

test('every mutation has been judged, and found by a scenario', () => {
  const found = new Set(readRecords().flatMap(({ name, scenario }) => (scenario === null ? [] : [name])));
  expect(mutations.map(({ name }) => name).filter((name) => !found.has(name))).toEqual([]);
});

test('a mutation that nothing has found, or nobody has judged, is told as such', () => {
  const [first, second] = mutations;
  if (!first || !second) throw new Error('there are no mutations');
  const page = mutationsPage([first, second], [{ name: first.name, scenario: null, sentence: null }]);
  expect(page).toContain('0 of 2 are found.');
  expect(page).toContain('| **nothing** |');
  expect(page).toContain('| not judged yet |');
});

test('judging one again leaves the others, and what is no more goes', () => {
  const record = (name: string, scenario: string) => ({ name, scenario, sentence: '' });
  const renewedRecords = renewed(
    [record('a', '1'), record('b', '1'), record('c', '1')],
    [record('b', '2')],
    new Set(['a', 'b']),
  );
  expect(renewedRecords).toEqual([record('a', '1'), record('b', '2')]);
});
