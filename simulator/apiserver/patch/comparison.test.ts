/** The difference of two values against its definition: the paths that the one has and the other has not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../schema/json.ts';
import { isObject } from '../schema/json.ts';
import { structureFromSchema } from '../schema/structure.ts';
import { compareInGoShape } from './comparison.ts';
import type { FieldSet } from './field-set.ts';

const text = { type: 'string' };
const structure = structureFromSchema({
  type: 'object',
  properties: {
    size: { type: 'integer' },
    plain: { type: 'array', items: text },
    tags: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
    labels: { type: 'object', additionalProperties: text },
    steps: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: { type: 'object', properties: { name: text, env: { type: 'object', additionalProperties: text } } },
    },
    nested: { type: 'object', properties: { deep: { type: 'object', properties: { a: text, b: text } } } },
  },
});

const words = fc.constantFrom('x', 'y', 'z');
const free = fc.dictionary(words, words, { maxKeys: 3 });
const some = <T extends object>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(members, { requiredKeys: [] });
const step = fc.record({ name: words, env: free }, { requiredKeys: ['name'] });
const values = some({
  size: fc.integer({ min: 0, max: 2 }),
  plain: fc.array(words, { maxLength: 2 }),
  tags: fc.uniqueArray(words, { maxLength: 3 }),
  labels: free,
  steps: fc.uniqueArray(step, { maxLength: 3, selector: ({ name }) => name }),
  nested: some({ deep: some({ a: words, b: words }) }),
}) as unknown as fc.Arbitrary<JsonObject>;

/** Every path of a value, as one text, with what stands there if it has one owner. */
function places(value: Json, name = '', path = ''): Map<string, string> {
  const found = new Map(path === '' ? [] : [[path, '']]);
  const add = (element: string, inner: Json, member: string) => {
    for (const [place, what] of places(inner, member, `${path}/${element}`)) found.set(place, what);
  };
  if (isObject(value)) for (const [member, inner] of Object.entries(value)) add(`f:${member}`, inner, member);
  else if (Array.isArray(value) && name === 'tags') for (const tag of value) add(`v:"${tag}"`, tag, '');
  else if (Array.isArray(value) && name === 'steps') {
    for (const item of value) add(`k:{"name":"${isObject(item) ? item.name : ''}"}`, item, '');
  } else found.set(path, JSON.stringify(value));
  return found;
}

const texts = (set: FieldSet): string[] =>
  set
    .paths()
    .map((path) => `/${path.join('/')}`)
    .sort();
const without = (one: Map<string, string>, other: Map<string, string>): string[] =>
  [...one.keys()].filter((path) => !other.has(path)).sort();

describe('the difference of two values', () => {
  it('is what the one has and the other has not, and what stands in both and is not the same', () => {
    fc.assert(
      fc.property(values, values, (before, after) => {
        const left = places(before);
        const right = places(after);
        const { added, modified, removed } = compareInGoShape(before, after, structure);
        expect(texts(added)).toEqual(without(right, left));
        expect(texts(removed)).toEqual(without(left, right));
        const both = [...left].filter(([path]) => right.has(path));
        expect(texts(modified)).toEqual(
          both.flatMap(([path, what]) => (right.get(path) === what ? [] : [path])).sort(),
        );
      }),
    );
  });

  it('tells of an element that is there twice only that it is there', () => {
    const twice: JsonObject = { steps: [{ name: 'x', env: { a: 'y' } }, { name: 'x' }] };
    expect(texts(compareInGoShape({}, twice, structure).added)).toEqual(['/f:steps', '/f:steps/k:{"name":"x"}']);
  });

  it('finds nothing in a value and its copy', () => {
    fc.assert(
      fc.property(values, (value) => {
        const { added, modified, removed } = compareInGoShape(value, structuredClone(value), structure);
        expect([added, modified, removed].every((set) => set.isEmpty())).toBe(true);
      }),
    );
  });
});
