import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FieldSet } from './field-set.ts';
import { type FieldPath, keyElement, pathText, valueElement } from './path-element.ts';

const element = fc.constantFrom(
  'f:a',
  'f:b',
  'f:c',
  keyElement({ name: 'c' }),
  keyElement({ name: 'd' }),
  valueElement('x'),
);
const paths = fc.array(fc.array(element, { minLength: 1, maxLength: 4 }), { maxLength: 12 });
const sets = paths.map((list) => FieldSet.of(...list));

function texts(set: FieldSet): string[] {
  return set
    .paths()
    .map((path) => path.join('/'))
    .sort();
}

describe('sets of fields', () => {
  it('is a set of paths under union, intersection and difference', () => {
    fc.assert(
      fc.property(sets, sets, (one, other) => {
        const left = new Set(texts(one));
        const right = new Set(texts(other));
        const sorted = (list: string[]): string[] => [...new Set(list)].sort();
        expect(texts(one.union(other))).toEqual(sorted([...left, ...right]));
        expect(texts(one.intersection(other))).toEqual(sorted([...left].filter((path) => right.has(path))));
        expect(texts(one.difference(other))).toEqual(sorted([...left].filter((path) => !right.has(path))));
      }),
    );
  });

  it('takes contents with a container in a recursive difference', () => {
    fc.assert(
      fc.property(sets, sets, (one, other) => {
        const rest = one.recursiveDifference(other);
        const isBelow = (path: FieldPath): boolean => path.some((_, index) => other.has(path.slice(0, index + 1)));
        expect(texts(rest)).toEqual(texts(FieldSet.of(...one.paths().filter((path) => !isBelow(path)))));
      }),
    );
  });

  it('is the same, made of its paths or from below', () => {
    const fromBelow = (list: readonly FieldPath[]): FieldSet => {
      const elements = [...new Set(list.flatMap(([first]) => (first === undefined ? [] : [first])))];
      const below = (element: string) =>
        fromBelow(list.flatMap(([first, ...rest]) => (first === element ? [rest] : [])));
      return FieldSet.ofOwned(elements, elements.map(below));
    };
    fc.assert(
      fc.property(paths, (list) => {
        const whole = list.flatMap((path) => path.map((_, index) => path.slice(0, index + 1)));
        expect(texts(fromBelow(list))).toEqual(texts(FieldSet.of(...whole)));
      }),
    );
  });

  it('survives the wire', () => {
    fc.assert(
      fc.property(sets, (set) => {
        const wire = JSON.parse(JSON.stringify(set.toFieldsV1()));
        expect(FieldSet.fromFieldsV1(wire).equals(set)).toBe(true);
      }),
    );
  });

  it('is written as the server writes it', () => {
    const name = keyElement({ protocol: 'TCP', containerPort: 80 });
    const set = FieldSet.of(['f:b', name], ['f:b', name, 'f:x'], ['f:b', valueElement(2)], ['f:a'], ['f:b']);
    expect(JSON.stringify(set.toFieldsV1())).toBe(
      '{"f:a":{},"f:b":{".":{},"k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}":{".":{},"f:x":{}},"v:2":{}}}',
    );
  });

  it('prints paths as the server prints them', () => {
    expect(pathText(['f:spec', 'f:list', keyElement({ name: 'c' }), 'f:tags', valueElement('x')])).toBe(
      '.spec.list[name="c"].tags[="x"]',
    );
  });
});
