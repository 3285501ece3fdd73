/** Names of S3 objects: reversible, of a form that every server takes, and in folders that no object hides. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beginningOf, isInternal, keyOf, nameOf, noteOf } from './names.ts';

const character = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('/', '.', '~', '%', 'a', 'b', '\\', '\n', 'é', '😀') },
  fc.string({ unit: 'grapheme', maxLength: 1 }),
);
const key = fc
  .array(character, { minLength: 1, maxLength: 20 })
  .map((characters) => characters.join(''))
  .filter((text) => text !== '' && text.isWellFormed());

describe('the name of a key', () => {
  test('leads back to the key', () => {
    fc.assert(
      fc.property(key, fc.nat(60), (text, times) => {
        const long = text.repeat(times + 1).slice(0, 300);
        fc.pre(long.isWellFormed() && noteOf(long) === undefined);
        expect(keyOf(nameOf(long))).toBe(long);
      }),
    );
  });

  test('begins with the beginning of each prefix of the key', () => {
    fc.assert(
      fc.property(key, fc.nat(20), (text, end) => {
        const prefix = [...text].slice(0, end).join('');
        expect(nameOf(text).startsWith(beginningOf(prefix))).toBe(true);
      }),
    );
  });

  test('has no part that a server refuses', () => {
    fc.assert(
      fc.property(key, fc.nat(40), (text, times) => {
        const long = text.repeat(times + 1).slice(0, 300);
        fc.pre(long.isWellFormed());
        expectParts(nameOf(long));
      }),
    );
  });

  test('has none where a long part is divided before a dot, wherever that is', () => {
    const dots = fc.constantFrom('.', '..', '...', './', '../', '.a', '..%');
    const filling = fc.constantFrom('x', 'é', '😀', '%', '~');
    fc.assert(
      fc.property(
        filling,
        fc.integer({ min: 180, max: 410 }),
        dots,
        fc.constantFrom('', 'b', '/b'),
        (fill, bytes, dot, end) => {
          const text = `${fill.repeat(Math.floor(bytes / Buffer.byteLength(encoded(fill))))}`;
          for (const filled of [text, `${text}x`, `${text}xx`, `${text}xxx`]) {
            const long = `${filled}${dot}${end}`;
            expectParts(nameOf(long));
            expect(keyOf(nameOf(long))).toBe(long);
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('is never the folder of another', () => {
    fc.assert(
      fc.property(key, key, (one, more) => {
        expect(nameOf(one + more).startsWith(`${nameOf(one)}/`)).toBe(false);
      }),
    );
  });

  test('is the key itself for what Fabric stores', () => {
    expect(nameOf('p1/tasks/hello-29385720/log.txt')).toBe('p1/tasks/hello-29385720/log.txt');
    expect(nameOf('v1.2/a/.x/')).toBe('v1.2~/a/%2Ex/%');
  });

  test('is a hash, with a note, when it would be too long', () => {
    for (const text of ['%'.repeat(300), 'x'.repeat(2_048), 'a/'.repeat(500)]) {
      expect(nameOf(text)).toMatch(/^%long\/[0-9a-f]{64}~$/);
      expect(noteOf(text)).toMatch(/^%keys\/[0-9a-f]{64}$/);
      expect([isInternal(nameOf(text)), isInternal(noteOf(text) ?? '')]).toEqual([true, true]);
    }
    expect(noteOf('x'.repeat(700))).toBeUndefined();
  });

  test('is none of those of the service itself', () => {
    fc.assert(
      fc.property(key, (text) => {
        expect(isInternal(nameOf(text))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** As it stands in a name. */
function encoded(character: string): string {
  return /[%~]/.test(character) ? '%XX' : character;
}

function expectParts(name: string): void {
  for (const part of name.split('/')) {
    expect(part).not.toMatch(/^\.{0,2}$|\\|\p{Cc}/u);
    expect(Buffer.byteLength(part)).toBeLessThan(256);
  }
}
