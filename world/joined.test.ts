import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Joined } from './joined.ts';

const pieces = ['one', 'two', 'three', ''].map((text) => Buffer.from(text));
const lists = fc.array(fc.array(fc.constantFrom(...pieces), { maxLength: 4 }), { maxLength: 20 });

describe('joined pieces', () => {
  test('are always those that were asked for, whatever was joined before', () => {
    fc.assert(
      fc.property(lists, (asked) => {
        const joined = new Joined();
        for (const parts of asked) expect(Buffer.from(joined.join(parts))).toEqual(Buffer.concat(parts));
      }),
    );
  });

  test('are the very same bytes for whoever sends the same after another', () => {
    const [one = Buffer.of(), two = Buffer.of()] = pieces;
    const joined = new Joined();
    expect(joined.join([one, two])).toBe(joined.join([one, two]));
    expect(joined.join([one, two])).not.toBe(joined.join([two, one]));
  });
});
