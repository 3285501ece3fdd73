import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  countCommonIndexes,
  countIndexes,
  firstFreeIndexes,
  formatIndexes,
  hasIndex,
  parseIndexes,
  withIndexes,
} from './indexes.ts';

const completions = 60;
const indexSet = fc.uniqueArray(fc.nat({ max: completions - 1 }));

test('a set of indexes survives its text, and no text is longer than the list', () => {
  fc.assert(
    fc.property(indexSet, (set) => {
      const sorted = set.toSorted((a, b) => a - b);
      const indexes = withIndexes([], sorted);
      const text = formatIndexes(indexes);
      expect(parseIndexes(text, completions)).toEqual(indexes);
      expect(sorted.filter((index) => hasIndex(indexes, index))).toEqual(sorted);
      expect(countIndexes(indexes)).toBe(set.length);
      expect(text.length).toBeLessThanOrEqual(sorted.join(',').length);
    }),
  );
});

test('sets behave as sets: union, intersection, complement', () => {
  fc.assert(
    fc.property(indexSet, indexSet, fc.nat({ max: completions }), (one, other, count) => {
      const [a, b] = [new Set(one), new Set(other)];
      const union = withIndexes(withIndexes([], one), other);
      const all = Array.from({ length: completions }, (_, index) => index);
      expect(all.filter((index) => hasIndex(union, index))).toEqual(
        all.filter((index) => a.has(index) || b.has(index)),
      );
      expect(countCommonIndexes(withIndexes([], one), withIndexes([], other))).toBe(
        one.filter((index) => b.has(index)).length,
      );
      const free = all.filter((index) => !a.has(index) && !b.has(index));
      expect(firstFreeIndexes(union, count, completions)).toEqual(free.slice(0, count));
    }),
  );
});
