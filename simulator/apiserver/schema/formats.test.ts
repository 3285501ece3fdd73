import { describe, expect, it } from 'vitest';
import { goDurationSeconds, hasFormat } from './formats.ts';
import { compilePattern } from './patterns.ts';

describe('formats', () => {
  it('passes formats that the server does not know', () => {
    expect(hasFormat('anything', 'colour')).toBe(true);
  });

  it('reads Go durations', () => {
    expect(goDurationSeconds('1h30m')).toBe(5400);
    expect(goDurationSeconds('-1.5s')).toBe(-1.5);
    expect(goDurationSeconds('0')).toBe(0);
    expect(goDurationSeconds('5')).toBeUndefined();
    expect(goDurationSeconds('1h 30m')).toBeUndefined();
  });
});

describe('patterns', () => {
  it('translates what RE2 writes differently', () => {
    expect(compilePattern('(?i)^ab$')?.test('AB')).toBe(true);
    expect(compilePattern('\\A[[:alpha:]]+\\z')?.test('ab1')).toBe(false);
    expect(compilePattern('^(?P<word>\\w+)$')?.test('ab')).toBe(true);
  });

  it('refuses what RE2 refuses', () => {
    expect(compilePattern('a(?=b)')).toBeUndefined();
    expect(compilePattern('(a)\\1')).toBeUndefined();
    expect(compilePattern('(')).toBeUndefined();
  });
});
