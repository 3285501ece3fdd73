/** A guide is read as its reader does: commands in their order, and what they print. */
import { expect, test } from 'vitest';
import { isPrinted, outputsOf, scriptOf, stepsOf } from './blocks.ts';

const page = 'a\n```sh\none\n```\nb\n```console\n$ no\n```\n```text\n1\n```\n```sh\ntwo\nthree\n```\n';

test('its steps are the blocks of sh, with the block of text behind each', () => {
  expect(stepsOf(page)).toEqual([{ commands: 'one\n', printed: '1\n' }, { commands: 'two\nthree\n' }]);
});

test('they are one script, whose output tells what each has printed', () => {
  const script = scriptOf(stepsOf(page));
  expect(script.match(/^(set|one|two|three).*$/gm)).toEqual(['set -eu', 'one', 'two', 'three']);
  const marks = [...script.matchAll(/^echo '(.*)'$/gm)].map(([, mark]) => mark);
  expect(outputsOf(`1\n${marks[0]}\n2\n3\n${marks[1]}\n`)).toEqual(['1\n', '2\n3\n']);
});

test.each([
  ['a … c\n', 'a b c\n', true],
  ['a.c\n', 'abc\n', false],
  ['a…\n', 'a\nb\n', false],
  ['a\n', 'a\nb\n', false],
  ['[ "…" ]\n', '[ "" ]\n', true],
])('%j is printed by %j: %s', (expected, actual, is) => {
  expect(isPrinted(expected, actual)).toBe(is);
});
