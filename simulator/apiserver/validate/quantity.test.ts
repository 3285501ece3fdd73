/** Quantities: reading, canonical text, order. Canonical texts are those that the real API server gave back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalQuantity, compareQuantities, parseQuantity, roundUpToMilli } from './quantity.ts';

function canonical(text: string): string | undefined {
  const quantity = parseQuantity(text);
  return quantity && canonicalQuantity(roundUpToMilli(quantity));
}

describe('canonicalQuantity', () => {
  test.each([
    ['0', '0'],
    ['1000m', '1'],
    ['0.1', '100m'],
    ['1.5', '1500m'],
    ['1024Mi', '1Gi'],
    ['0.5Gi', '512Mi'],
    ['1.5Gi', '1536Mi'],
    ['1000Ki', '1000Ki'],
    ['512', '512'],
    ['100e6', '100e6'],
    ['1e3', '1e3'],
    ['1E', '1E'],
    ['-1', '-1'],
    ['0.0001', '1m'],
    ['+2', '2'],
    ['.5', '500m'],
    ['1000000', '1M'],
  ])('%s is %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  test('the canonical text means the same and is its own canonical text', () => {
    const suffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'Ki', 'Mi', 'Gi', 'Ti', 'e3', 'e-3'];
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.constantFrom(...suffixes), (amount, suffix) => {
        const quantity = parseQuantity(`${amount}${suffix}`);
        if (!quantity) return false;
        const again = parseQuantity(canonicalQuantity(quantity));
        if (!again) return false;
        return compareQuantities(quantity, again) === 0 && canonicalQuantity(again) === canonicalQuantity(quantity);
      }),
    );
  });
});

describe('parseQuantity', () => {
  test.each(['', '1x', '1.2.3', 'Mi', '1 Gi', '--1', '1e', '1mi', '0x1'])('%j is no quantity', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  test('orders by amount, whatever the suffix', () => {
    const sorted = ['1m', '0.5', '1', '1k', '1Ki', '1M', '1Mi'].map((text) => parseQuantity(text));
    for (const [index, quantity] of sorted.entries()) {
      const next = sorted[index + 1];
      if (quantity && next) expect(compareQuantities(quantity, next)).toBeLessThan(0);
    }
  });
});
