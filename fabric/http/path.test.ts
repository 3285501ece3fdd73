import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodePath, pathOf, pathOfSegments, queryOf } from './path.ts';

const segment = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('.', '/', '\\', '%', '2', 'e', 'E', 'f', '5', 'c', '?', '#', '\0', ' ', ':') }),
);

it('segments keep their places and their characters, through every URL parser', () => {
  fc.assert(
    fc.property(
      fc.array(
        segment.filter((text) => !['.', '..'].includes(text)),
        { minLength: 1 },
      ),
      (segments) => {
        const path = pathOfSegments(segments);
        const { pathname, search, hash, host } = new URL(`http://host${path}`);
        expect({ pathname, search, hash, host }).toEqual({ pathname: path, search: '', hash: '', host: 'host' });
        expect(path.slice(1).split('/').map(decodePath)).toEqual(segments);
      },
    ),
  );
});

it.each(['.', '..', '\ud800'])('what no URL can carry is refused: %j', (text) => {
  expect(() => pathOfSegments(['projects', text])).toThrow(/cannot stand in a path/);
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
