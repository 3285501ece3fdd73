import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lanesOf } from './lanes.ts';

const spans = fc.array(
  fc
    .record({ from: fc.nat(100), length: fc.integer({ min: 1, max: 30 }) })
    .map(({ from, length }) => ({ from, to: from + length })),
);

test('spans of one lane never overlap, and there are as many lanes as the deepest overlap', () => {
  fc.assert(
    fc.property(spans, (items) => {
      const lanes = lanesOf(items);
      items.forEach((one, i) => {
        items.forEach((other, j) => {
          if (i < j && lanes[i] === lanes[j]) expect(one.to <= other.from || other.to <= one.from).toBe(true);
        });
      });
      const depth = Math.max(
        0,
        ...items.map((one) => items.filter((other) => other.from <= one.from && one.from < other.to).length),
      );
      expect(new Set(lanes).size).toBe(depth);
    }),
  );
});
