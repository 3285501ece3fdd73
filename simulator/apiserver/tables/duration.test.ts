/** Texts of ages: the cases of semantics 6, list `durationText`. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { durationText, sinceText } from './duration.ts';

interface Case {
  readonly id: string;
  readonly input: { readonly seconds: number };
  readonly expect: string;
}

const tables = new URL('../../../fixtures/kubernetes/tables.json', import.meta.url);
const cases: Case[] = JSON.parse(readFileSync(tables, 'utf8')).durationText;

describe('durationText', () => {
  test.each(cases)('$id $input.seconds s', (one) => {
    expect(durationText(one.input.seconds)).toBe(one.expect);
  });
});

describe('sinceText', () => {
  test('says that there is no time, and that a text is no time', () => {
    expect(sinceText(undefined, 0)).toBe('<unknown>');
    expect(sinceText('yesterday', 0)).toBe('<invalid>');
    expect(sinceText('1970-01-01T00:00:00Z', 90_000)).toBe('90s');
  });
});
