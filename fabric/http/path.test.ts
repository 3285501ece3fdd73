import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodePath, encodeKey, pathOf, queryOf } from './path.ts';

it('any key survives being encoded and decoded', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (key) => {
      expect(decodePath(encodeKey(key))).toBe(key);
    }),
  );
});

it('decoding never fails, and leaves what is no escape', () => {
  fc.assert(fc.property(fc.string(), (text) => typeof decodePath(text) === 'string'));
  expect(decodePath('with%20space+plus%%C3%A9.txt')).toBe('with space+plus%é.txt');
  expect(decodePath('100%')).toBe('100%');
  expect(decodePath('%FF%zz')).toBe('%FF%zz');
});

it('a path is cut before its query and forgives doubled slashes at its start', () => {
  expect(pathOf('http://host//fabric/v4/info?a=b')).toBe('/fabric/v4/info');
  expect(pathOf('/fabric//v4#x')).toBe('/fabric//v4');
  expect(queryOf('/a?b=c?d')).toBe('b=c?d');
});
