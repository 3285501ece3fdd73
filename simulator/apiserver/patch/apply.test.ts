/**
 * Server-side apply and the bookkeeping of ordinary writes. The cases are chains of writes that were sent to a real API
 * server: each has the object before, what was sent, and the object after or the refusal.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApiError } from '../errors.ts';
import type { Json, JsonObject } from '../schema/json.ts';
import { isObject } from '../schema/json.ts';
import type { Structure } from '../schema/structure.ts';
import { structureFromSchema, structureOf } from '../schema/structure.ts';
import { applyConfiguration } from './apply.ts';
import data from './cases/apply.json' with { type: 'json' };
import type { ManagedFieldsEntry } from './managed-fields.ts';
import { trackUpdate } from './managed-fields.ts';
import { mergeValues } from './typed-walk.ts';

interface WriteCase {
  readonly name: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly live?: JsonObject;
  readonly manager: string;
  readonly force: boolean;
  readonly time: string;
  readonly subresource?: string;
  readonly ignored: string[];
}
interface ApplyCase extends WriteCase {
  readonly applied: JsonObject;
  readonly expect: {
    readonly object?: JsonObject;
    readonly code?: number;
    readonly message?: string;
    readonly causes?: object[];
  };
}
interface UpdateCase extends WriteCase {
  readonly after: JsonObject;
  readonly sent?: Json;
}

const widget = structureFromSchema(data.schema);

function structureFor({ apiVersion, kind }: WriteCase): Structure {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  return structureOf(group, version, kind) ?? widget;
}

/** Entries with their sets as text: the order within a set counts. */
function entries(list: unknown): object[] {
  return ((list ?? []) as ManagedFieldsEntry[]).map((entry) => ({
    ...entry,
    fieldsV1: JSON.stringify(entry.fieldsV1),
  }));
}

function metadataOf(object: JsonObject): JsonObject {
  return isObject(object.metadata) ? object.metadata : {};
}

function isWithin(part: Json | undefined, whole: Json | undefined): boolean {
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) && part.length === whole.length && part.every((item, index) => isWithin(item, whole[index]))
    );
  }
  if (isObject(part))
    return isObject(whole) && Object.entries(part).every(([name, item]) => isWithin(item, whole[name]));
  return part === whole;
}

/** Versions change with a write; managedFields are compared apart. */
function comparable(object: JsonObject): JsonObject {
  const {
    managedFields: _fields,
    resourceVersion: _version,
    generation: _generation,
    ...metadata
  } = metadataOf(object);
  return { ...object, metadata };
}

/** The server names several managers in no fixed order. */
function refusal(code: number | undefined, message: string | undefined, causes: readonly object[] | undefined): object {
  return { code, lines: message?.split('\n').sort(), causes: causes?.map((cause) => JSON.stringify(cause)).sort() };
}

describe('apply', () => {
  const cases = data.applies as unknown as ApplyCase[];
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const apply = (): JsonObject => applyConfiguration({ ...one, structure: structureFor(one) });
    const { object, code, message, causes } = one.expect;
    if (object === undefined) {
      let thrown: unknown;
      try {
        apply();
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(Error);
      const error = thrown as ApiError;
      const ordered = [error.code, error.message, error.status?.details?.causes] as const;
      expect(refusal(...ordered)).toEqual(refusal(code, message, causes));
      return;
    }
    const outcome = apply();
    expect(entries(metadataOf(outcome).managedFields)).toEqual(
      expect.arrayContaining(entries(metadataOf(object).managedFields)),
    );
    expect(entries(metadataOf(outcome).managedFields)).toHaveLength(entries(metadataOf(object).managedFields).length);
    if (one.live !== undefined) {
      expect(comparable(outcome)).toSatisfy((got: JsonObject) => isWithin(got, comparable(object)));
    }
  });
});

describe('ordinary writes', () => {
  const cases = data.updates as unknown as UpdateCase[];
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const { managedFields: expected, ...metadata } = metadataOf(one.after);
    const carried = one.sent ?? metadataOf(one.live ?? {}).managedFields;
    const after = {
      ...one.after,
      metadata: { ...metadata, ...(carried === undefined ? {} : { managedFields: carried }) },
    };
    const tracked = trackUpdate({
      ...one,
      after,
      structure: structureFor(one),
      ...(one.live === undefined ? {} : { before: one.live }),
    });
    expect(entries(tracked)).toEqual(entries(expected));
  });
});

describe('apply, for any configuration', () => {
  // Empty containers are left out: nobody owns an empty list, so it goes with the last element that somebody owned.
  const spec = fc.record(
    {
      size: fc.integer({ min: 0, max: 3 }),
      name: fc.constantFrom('a', 'b'),
      tags: fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1, maxLength: 3 }),
      plain: fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }),
      steps: fc.uniqueArray(
        fc.record(
          { name: fc.constantFrom('s', 't', 'u'), image: fc.constantFrom('i', 'j') },
          { requiredKeys: ['name'] },
        ),
        { minLength: 1, maxLength: 3, selector: ({ name }) => name },
      ),
      nested: fc.record({
        a: fc.record({ x: fc.constantFrom('1', '2'), y: fc.constantFrom('1') }, { requiredKeys: ['x'] }),
      }),
    },
    { requiredKeys: [] },
  ) as unknown as fc.Arbitrary<JsonObject>;

  function applyAs(manager: string, applied: JsonObject, live?: JsonObject): JsonObject {
    return applyConfiguration({
      applied: { apiVersion: 'cmp.dev/v1', kind: 'Widget', metadata: { name: 'w' }, spec: applied },
      manager,
      apiVersion: 'cmp.dev/v1',
      force: true,
      time: '2026-01-01T00:00:00Z',
      structure: widget,
      ...(live === undefined ? {} : { live }),
    });
  }

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(spec, spec, (first, second) => {
        const once = applyAs('two', second, applyAs('one', first));
        expect(applyAs('two', second, once)).toEqual(once);
      }),
    );
  });

  it('holds what was applied last, whatever was there', () => {
    fc.assert(
      fc.property(spec, spec, ({ tags: _t, steps: _s, nested: _n, ...scalars }, before) => {
        const after = applyAs('two', scalars, applyAs('one', before));
        expect(after.spec ?? {}).toMatchObject(scalars);
      }),
    );
  });

  it('keeps the very object when it says nothing new', () => {
    fc.assert(
      fc.property(spec, (given) => {
        const live = { kind: 'Widget', spec: given };
        expect(mergeValues(live, structuredClone(live), widget)).toBe(live);
      }),
    );
  });

  it("leaves others' fields alone when a manager gives up all of its own", () => {
    fc.assert(
      fc.property(spec, spec, (mine, theirs) => {
        const alone = applyAs('other', theirs, applyAs('one', {}));
        const both = applyAs('other', theirs, applyAs('one', mine));
        const left = applyAs('one', {}, both);
        expect(sortedLists(left.spec ?? {})).toEqual(sortedLists(alone.spec ?? {}));
      }),
    );
  });
});

/** Sets and keyed lists keep the order in which managers came, which is no part of the claim. */
function sortedLists(value: Json): Json {
  if (!isObject(value)) return value;
  const { plain, ...rest } = value;
  const lists = Object.entries(rest).map(([name, item]) => [
    name,
    Array.isArray(item) ? [...item].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)) : item,
  ]);
  return { ...Object.fromEntries(lists), ...(plain === undefined ? {} : { plain }) };
}
