/** Patterns against what Go's regexp answered (`scripts/patterns/main.go`), and the work that a pattern may make. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import go from './cases/go.json' with { type: 'json' };
import { compilePattern, PatternSizeError, PatternSyntaxError } from './re2.ts';

interface Answer {
  readonly pattern: string;
  readonly error?: string;
  readonly found?: readonly (readonly string[] | null)[];
}

function ask(pattern: string): Answer {
  try {
    const compiled = compilePattern(pattern);
    return { pattern, found: go.texts.map((text) => orNull(compiled.findAll(text))) };
  } catch (error) {
    if (!(error instanceof PatternSyntaxError)) throw error;
    return { pattern, error: error.message };
  }
}

function orNull(found: string[]): string[] | null {
  return found.length === 0 ? null : found;
}

describe('patterns', () => {
  it('find what Go finds, and are refused in its words', () => {
    const answers: readonly Answer[] = go.answers;
    expect(answers.filter(({ error }) => error !== undefined).length).toBeGreaterThan(50);
    for (const answer of answers) expect(ask(answer.pattern)).toEqual(answer);
  });

  it('find at most as many as are wanted', () => {
    expect(compilePattern('a').findAll('aaa', 2)).toEqual(['a', 'a']);
    expect(compilePattern('a').findAll('aaa', 0)).toEqual([]);
  });

  it('take options', () => {
    expect(compilePattern('^b$', { multiline: true, ignoreCase: true }).test('a\nB\nc')).toBe(true);
    expect(compilePattern('a.b', { dotAll: true }).test('a\nb')).toBe(true);
    expect(compilePattern('a.b').test('a\nb')).toBe(false);
  });

  it('never take longer than the text is long: those that stop other engines end at once', () => {
    const hostile = ['^(a+)+$', '^(a|a?)+$', '(a*)*b', '(.*)(.*)(.*)(.*)(.*)x$', '^(([a-z])+.)+[A-Z]([a-z])+$'];
    for (const pattern of hostile) expect(compilePattern(pattern).test(`${'a'.repeat(50_000)}!`)).toBe(false);
  });

  it('are refused, before they are compiled, when they would be too large', () => {
    const large = ['a{1000}'.repeat(5000), '(?:ab{500}c{500}){1000}', 'x'.repeat(30_000), '((a{100}){100}){100}'];
    for (const pattern of large) expect(() => compilePattern(pattern)).toThrow(PatternSizeError);
    expect(compilePattern('a{1000}'.repeat(10)).test('a'.repeat(9999))).toBe(false);
  });

  it('are compiled or refused, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (pattern) => {
        const answer = ask(pattern);
        expect(answer.error === undefined || answer.error.startsWith('error parsing regexp: ')).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
