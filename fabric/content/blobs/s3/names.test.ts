/** Names of S3 objects: reversible, of a form that every server takes, and in folders that no object hides. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BlobKeyError } from '../blobs.ts';
import { beginningOf, keyOf, nameOf } from './names.ts';

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
        fc.pre(long.isWellFormed());
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
        for (const part of nameOf(long).split('/')) {
          expect(part).not.toMatch(/^\.{0,2}$|\\|\p{Cc}/u);
          expect(Buffer.byteLength(part)).toBeLessThan(256);
        }
      }),
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

  test('is refused when it would be too long', () => {
    expect(() => nameOf('%'.repeat(600))).toThrow(BlobKeyError);
  });
});
