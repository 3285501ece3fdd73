/** The algebra of verdicts: three values, of which only one passes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fails, forEach, holds, judged, unknown, type Verdict, worst } from './verdict.ts';

const verdict: fc.Arbitrary<Verdict> = fc
  .tuple(fc.constantFrom(holds, fails, unknown), fc.string())
  .map(([make, because]) => make(because));

describe('the worst of some verdicts', () => {
  test('is false if one is false, else unknown if one is unknown, else true', () => {
    fc.assert(
      fc.property(fc.array(verdict, { minLength: 1 }), (verdicts) => {
        const values = verdicts.map(({ value }) => value);
        const wanted = values.includes('false') ? 'false' : values.includes('unknown') ? 'unknown' : 'true';
        expect(worst(verdicts).value).toBe(wanted);
        expect(verdicts).toContain(worst(verdicts));
      }),
    );
  });

  test('does not depend on how they are grouped or ordered', () => {
    fc.assert(
      fc.property(fc.array(verdict, { minLength: 1 }), fc.array(verdict, { minLength: 1 }), (some, others) => {
        const whole = worst([...some, ...others]).value;
        expect(worst([worst(some), worst(others)]).value).toBe(whole);
        expect(worst([...others, ...some]).value).toBe(whole);
      }),
    );
  });

  test('of none is unknown', () => expect(worst([]).value).toBe('unknown'));
});

describe('a judge', () => {
  test('that throws has not judged', () => {
    const verdict = judged(() => {
      throw new Error('no such field');
    });
    expect(verdict).toEqual(unknown('the judge failed: no such field'));
  });

  test('that throws no error has not judged either', () => {
    const verdict = judged(() => {
      throw 'words';
    });
    expect(verdict).toEqual(unknown('the judge failed: words'));
  });

  test('that speaks is heard', () => expect(judged(() => fails('two'))).toEqual(fails('two')));
});

describe('a judge of each item', () => {
  test('says false with the first objection, true without any, unknown without items', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 })), (items) => {
        const found = forEach(items, 'numbers', (item) => (item === 0 ? 'a zero' : undefined));
        const wanted = items.length === 0 ? 'unknown' : items.includes(0) ? 'false' : 'true';
        expect(found.value).toBe(wanted);
      }),
    );
  });

  test('names what it judged', () => {
    expect(forEach([1, 2], 'numbers', () => undefined)).toEqual(holds('2 numbers'));
    expect(forEach([], 'numbers', () => undefined)).toEqual(unknown('no numbers seen'));
    expect(forEach([1, 2], 'numbers', (item) => `${item} is odd`)).toEqual(fails('1 is odd'));
  });
});
