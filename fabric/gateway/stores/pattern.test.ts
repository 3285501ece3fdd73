/** What `$regex` takes; how stores apply it is in the contract of all stores. */
import { describe, expect, it } from 'vitest';
import { filterPattern } from './pattern.ts';

describe('patterns of filters', () => {
  it('read the options of MongoDB', () => {
    expect(filterPattern('^ A b # the letters', 'xi').test('ab')).toBe(true);
    expect(filterPattern('[ ]\\ x', 'x').test('  x')).toBe(true);
    expect(filterPattern('a.b', 's').test('a\nb')).toBe(true);
    expect(filterPattern('^b', 'mu').test('a\nb')).toBe(true);
  });

  it('say what is wrong', () => {
    expect(() => filterPattern('a(?!b)')).toThrow(
      '$regex "a(?!b)": error parsing regexp: invalid or unsupported Perl syntax: `(?!` (patterns are RE2\'s: no look-around',
    );
    expect(() => filterPattern('a', 'constructor')).toThrow('not "c"');
    expect(() => filterPattern(null)).toThrow('$regex null: has to be a string');
    expect(() => filterPattern('a'.repeat(40_000))).toThrow('not in Orrery');
  });
});
