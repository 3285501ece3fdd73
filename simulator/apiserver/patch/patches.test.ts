/**
 * Patches of one Deployment that were sent to a real API server, with its answers. A case without `spec` or `metadata`
 * left that part as it was. The server also sets defaults in what a patch adds: those may be there beyond what is
 * compared.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../schema/json.ts';
import { clone, equal, isObject } from '../schema/json.ts';
import { structureOf } from '../schema/structure.ts';
import data from './cases/patches.json' with { type: 'json' };
import { applyJsonPatch } from './json-patch.ts';
import { applyMergePatch } from './merge-patch.ts';
import { PatchError } from './patch-error.ts';
import { applyStrategicMergePatch } from './strategic-merge.ts';

interface PatchCase {
  readonly patch: Json;
  readonly metadata?: JsonObject;
  readonly spec?: JsonObject;
  readonly error?: { readonly code: number; readonly reason: string; readonly message: string };
}

const document = data.document as unknown as JsonObject;
const deployment = structureOf('apps', 'v1', 'Deployment') ?? { type: 'any' as const };

/** Lists are compared whole, objects by the members that the first one has. */
function isWithin(part: Json | undefined, whole: Json | undefined): boolean {
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) && part.length === whole.length && part.every((item, index) => isWithin(item, whole[index]))
    );
  }
  if (isObject(part)) {
    return (
      isObject(whole) && Object.entries(part).every(([name, item]) => item === null || isWithin(item, whole[name]))
    );
  }
  return part === whole;
}

/** Members that the outcome lost although the server kept them. */
function lost(outcome: Json | undefined, before: Json | undefined, real: Json | undefined, path = ''): string[] {
  if (!isObject(before) || !isObject(real)) return [];
  return Object.keys(before).flatMap((name) => {
    const now = isObject(outcome) ? outcome[name] : undefined;
    if (now === undefined) return real[name] === undefined || equal(real[name], {}) ? [] : [`${path}.${name}`];
    return lost(now, before[name], real[name], `${path}.${name}`);
  });
}

function check({ patch, metadata, spec, error }: PatchCase, apply: (document: Json, patch: unknown) => Json): void {
  const untouched = clone(document);
  if (error !== undefined) {
    expect.assertions(2);
    try {
      apply(document, patch);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(PatchError);
      const { code, reason, message } = thrown as PatchError;
      expect({ code, reason, message }).toEqual(error);
    }
    return;
  }
  const outcome = apply(document, patch) as JsonObject;
  const { resourceVersion: _version, generation: _generation, ...own } = outcome.metadata as JsonObject;
  const before = document.metadata as JsonObject;
  const { resourceVersion: _oldVersion, generation: _oldGeneration, ...oldMetadata } = before;
  const expected = { metadata: metadata ?? oldMetadata, spec: spec ?? document.spec };
  expect({ metadata: own, spec: outcome.spec }).toSatisfy((got: JsonObject) => isWithin(got, expected as JsonObject));
  // Defaults come back where the patch took a value away, so what is lost is judged where the server dropped it as
  // well.
  const named = JSON.stringify(patch);
  const unexplained = lost(
    { metadata: own, spec: outcome.spec ?? null },
    { metadata: before, spec: document.spec ?? null },
    expected as JsonObject,
  );
  expect(
    unexplained.filter((path) => !named.includes(path.split('.').at(-1) ?? '') && !named.includes('$patch')),
  ).toEqual(['.metadata.resourceVersion', '.metadata.generation'].filter((path) => unexplained.includes(path)));
  expect(document).toEqual(untouched);
}

const named = (cases: unknown): [string, PatchCase][] =>
  (cases as PatchCase[]).map((one) => [JSON.stringify(one.patch), one]);

describe('strategic merge patch', () => {
  it.each(named(data.strategic))('%s', (_name, one) => {
    check(one, (before, patch) => applyStrategicMergePatch(before, patch, deployment));
  });
});

describe('merge patch', () => {
  it.each(named(data.merge))('%s', (_name, one) => check(one, applyMergePatch));

  const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
  const objects = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value).map(withoutNulls);

  it('turns one object into another by their difference', () => {
    fc.assert(
      fc.property(objects, objects, (before, after) => {
        expect(applyMergePatch(before, difference(before, after))).toEqual(after);
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(objects, objects, (before, patch) => {
        const once = applyMergePatch(before, patch);
        expect(applyMergePatch(once, patch)).toEqual(once);
      }),
    );
  });
});

function withoutNulls(value: JsonObject): JsonObject {
  const inner = (item: Json): Json =>
    Array.isArray(item) ? item.map(inner) : isObject(item) ? withoutNulls(item) : item;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([name, item]) => [name, inner(item)]));
}

/** The merge patch from one object to another. */
function difference(before: JsonObject, after: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const name of Object.keys(before)) if (!(name in after)) patch[name] = null;
  for (const [name, value] of Object.entries(after)) {
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    patch[name] = isObject(old) && isObject(value) ? difference(old, value) : value;
  }
  return patch;
}

describe('JSON patch', () => {
  it.each(named(data.json))('%s', (_name, one) => check(one, applyJsonPatch));

  it('refuses more operations than the server takes', () => {
    const operations = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a', value: null }));
    expect(() => applyJsonPatch({}, operations)).toThrow(
      'The allowed maximum operations in a JSON patch is 10000, got 10001',
    );
  });
});
