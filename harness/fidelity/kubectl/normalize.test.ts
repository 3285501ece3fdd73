/** What of kubectl's output is replaced before it is compared, and what is not. */
import { expect, test } from 'vitest';
import { normalize } from './normalize.ts';
import type { Output } from './transcript.ts';

const target = { url: 'https://127.0.0.1:6443', token: 't', ca: '' };
const printed = (out: string, more: Partial<Output> = {}): Output => ({ command: 'c', out, err: '', exit: 0, ...more });
const normalized = (out: string, more?: Partial<Output>) => normalize([printed(out, more)], target)[0]?.out;

test('a uid is the same placeholder each time, and another uid another one', () => {
  const [one, other] = ['0b2fd8a9-8b1c-4f8e-9d52-1df8b2b8a0c1', 'c1b2fd8a-8b1c-4f8e-9d52-1df8b2b8a0c1'];
  expect(normalized(`${one} ${other} ${one}`)).toBe('<uid 1> <uid 2> <uid 1>');
});

test.each([
  ['a drawn suffix', 'pod/quick-x7kq9', 'pod/quick-<suffix 1>'],
  ['a name that only looks like one', 'pod/quick-ready', 'pod/quick-ready'],
  ['a version', '  resourceVersion: "12"', '  resourceVersion: "<version 1>"'],
  ['a moment', 'at 2026-01-02T03:04:05Z', 'at <time>'],
  ['an age in a column', 'idle   1/1     Running   0     12s', 'idle  1/1  Running  0  <age>'],
  ['an age that cannot be', 'idle   1/1   <invalid>', 'idle  1/1  <invalid>'],
  ['a number', 'parallelism: 12', 'parallelism: 12'],
  ['the server', 'is running at https://127.0.0.1:6443', 'is running at <server>'],
])('%s', (_what, out, expected) => {
  expect(normalized(out)).toBe(expected);
});

test('drawn suffixes are numbered by the name that they follow', () => {
  const lines = ['one-x7kq9', 'two-mz2vd', 'one-b4c5d', 'one-x7kq9'];
  expect(normalized(lines.join(' '))).toBe('one-<suffix 1> two-<suffix 1> one-<suffix 2> one-<suffix 1>');
});

test('rows that a watch repeats count once, those of a list each', () => {
  expect(normalized('a\na\nb\n', { exit: 'ended' })).toBe('a\nb');
  expect(normalized('a\na\nb\n')).toBe('a\na\nb\n');
});

test('lines without a promised order are sorted after ages are gone', () => {
  expect(normalized('9s  a\n1s  b\n', { sorted: true })).toBe('<age>  a\n<age>  b\n');
});

test('causes of a refusal are put in order', () => {
  const err = 'invalid:\n* b\n* a\nend\n';
  expect(normalize([printed('', { err })], target)[0]?.err).toBe('invalid:\n* a\n* b\nend\n');
});
