/** What goes over MongoDB's protocol: names of fields, and the part of a filter that the database may decide. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findIn } from '../matching.ts';
import { fieldName, fromStored, toStored } from './names.ts';
import { narrow } from './narrow.ts';

describe('names of fields', () => {
  test('come back as they were, whatever they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(fromStored(toStored(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('hold no dot, no zero byte and no dollar in front, and stay apart', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(fieldName(one)).not.toMatch(/[.\0]|^\$/);
        expect(fieldName(one) === fieldName(other)).toBe(one === other);
      }),
    );
    expect(fieldName('nvidia.com/gpu')).toBe('nvidia%2ecom/gpu');
  });
});

describe('a narrowed filter', () => {
  const scalars = new Set(['kind', 'rank']);
  const operand = fc.oneof(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 3 }), fc.constant(null));
  const condition = fc.oneof(
    operand,
    fc
      .tuple(fc.constantFrom('$gt', '$lte', '$ne', '$size', '$type'), fc.constantFrom(1, 2))
      .map(([operator, value]) => ({ [operator]: value })),
    fc.array(operand, { maxLength: 2 }).map((values) => ({ $in: values })),
  );
  const plain = fc.dictionary(fc.constantFrom('kind', 'rank', 'free'), condition, {
    maxKeys: 3,
    noNullPrototype: true,
  });
  const filter = fc.oneof(
    plain,
    fc
      .tuple(fc.constantFrom('$and', '$or'), fc.array(plain, { minLength: 1, maxLength: 2 }))
      .map(([name, parts]) => ({ [name]: parts })),
  );
  const document = fc.record(
    { kind: fc.constantFrom('a', 'b'), rank: fc.integer({ min: 0, max: 3 }), free: operand },
    { requiredKeys: [] },
  );

  test('leaves out nothing that the whole one takes, and when exact takes nothing else', () => {
    fc.assert(
      fc.property(filter, fc.array(document, { maxLength: 10 }), (whole, documents) => {
        const stored = documents.map((each, index) => ({ id: String(index), document: each }));
        const narrowed = narrow(whole, scalars);
        const ids = (asked: typeof whole | typeof narrowed.filter) =>
          findIn(stored, { filter: asked }).map(({ id }) => id);
        if (narrowed.isExact) expect(ids(narrowed.filter)).toEqual(ids(whole));
        else expect(ids(narrowed.filter)).toEqual(expect.arrayContaining(ids(whole)));
      }),
    );
  });
});
