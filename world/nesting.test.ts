import { expect, test } from 'vitest';
import { nestedDeeper } from './nesting.ts';

const lists = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

test.each([
  [5, 0, false],
  [{}, 0, true],
  [{}, 1, false],
  [{ a: [{ b: 1 }] }, 3, false],
  [{ a: [{ b: [] }] }, 3, true],
  [[[], [[]], []], 2, true],
  [lists(200_000), 1_000, true],
  [lists(1_000), 1_000, false],
  [Array.from({ length: 200_000 }, () => [1]), 2, false],
])('case %#', (value, levels, isDeeper) => {
  expect(nestedDeeper(value, levels) !== undefined).toBe(isDeeper);
});
