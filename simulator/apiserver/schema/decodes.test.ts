/** The quick answer against the full one: whatever decodes plainly has no wrong type and no unknown field. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodesPlainly } from './decodes.ts';
import type { Json, JsonObject } from './json.ts';
import { isObject } from './json.ts';
import { typeErrors, unknownFields } from './strict.ts';
import { structureOf } from './structure.ts';

const file = new URL('../validate/recorded.json', import.meta.url);
const bodies: JsonObject[] = JSON.parse(readFileSync(file, 'utf8')).flatMap(
  (one: { body?: JsonObject }) => one.body ?? [],
);

function structureOfBody(body: JsonObject) {
  const [version = '', group = ''] = String(body.apiVersion).split('/').reverse();
  return structureOf(group, version, String(body.kind));
}

/** Another value at one place of the body, chosen by `steps`. */
function changed(value: Json, steps: readonly number[], by: Json): Json {
  const [step, ...rest] = steps;
  const names = Array.isArray(value) || isObject(value) ? Object.keys(value) : [];
  const name = step === undefined ? undefined : names[step % names.length];
  if (name === undefined) return by;
  const copy = Array.isArray(value) ? [...value] : { ...(value as JsonObject) };
  const inner = (value as JsonObject)[name] ?? null;
  return Object.assign(copy, { [name]: changed(inner, rest, by) });
}

const quantities = fc.constantFrom(
  '1',
  '100m',
  '1.5Gi',
  '1e3',
  '-1',
  '.5',
  '1.',
  '1mi',
  '2Ki',
  '1ki',
  '',
  'x',
  '1 ',
  '5n',
);
const anything = fc.oneof(quantities, fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>);

describe('what decodes plainly', () => {
  test('has no value of a wrong type and no unknown field', () => {
    let plain = 0;
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.array(fc.nat(40), { maxLength: 9 }), anything, (body, steps, by) => {
        const structure = structureOfBody(body);
        const other = changed(body, steps, by);
        if (structure === undefined || !decodesPlainly(structure, other, undefined)) return;
        plain++;
        expect(typeErrors(structure, other)).toEqual([]);
        expect(unknownFields(structure, other)).toEqual([]);
      }),
      { numRuns: 3000 },
    );
    expect(plain).toBeGreaterThan(100);
  });

  test('are amounts as people write them', () => {
    const resources = { limits: { cpu: '1', memory: '1.5Gi' }, requests: { cpu: '100m' } };
    const pod = { apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ name: 'main', resources }] } };
    const structure = structureOfBody(pod);
    expect(structure && decodesPlainly(structure, pod, undefined)).toBe(true);
  });
});
