/**
 * Custom resources and their schemas; the cases were sent to a real API server, which gave the causes, warnings and
 * objects in them.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import check from './cases/check.json' with { type: 'json' };
import ratchet from './cases/ratchet.json' with { type: 'json' };
import rules from './cases/rules.json' with { type: 'json' };
import values from './cases/values.json' with { type: 'json' };
import type { JsonObject } from './json.ts';
import type { Schema } from './structural.ts';
import {
  applyDefaults,
  checkRules,
  checkStructuralSchema,
  pruneUnknown,
  validateAgainstSchema,
  validateRules,
} from './structural.ts';

interface Cause {
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

/** The server goes through maps in no fixed order. */
function sorted(causes: readonly Cause[] | undefined): string[] {
  return (causes ?? []).map(({ field, reason, message }) => `${field}: ${reason}: ${message}`).sort();
}

function resource(members: JsonObject): JsonObject {
  return { apiVersion: 'cmp.dev/v1', kind: 'Kitchen', metadata: { name: 'probe' }, ...members };
}

const where = 'spec.validation.openAPIV3Schema';

describe('values of custom resources', () => {
  const schema = values.schema as unknown as Schema;
  const cases = values.cases as unknown as {
    body: JsonObject;
    spec?: JsonObject;
    causes?: Cause[];
    warnings: string[];
  }[];

  it.each(cases.map((one) => [JSON.stringify(one.body), one] as const))(
    '%s',
    (_name, { body, spec, causes, warnings }) => {
      const { status: _status, ...sent } = body;
      const { object, unknown } = pruneUnknown(resource(sent), schema);
      const filled = applyDefaults(object, schema);
      expect(sorted(validateAgainstSchema(filled, schema))).toEqual(sorted(causes));
      expect(unknown.map((field) => `unknown field "${field}"`).sort()).toEqual([...warnings].sort());
      if (causes === undefined) expect(filled.spec).toEqual(spec);
    },
  );
});

describe('updates of values that were invalid before', () => {
  const schema = ratchet.schema as unknown as Schema;
  const cases = ratchet.cases as unknown as { old: JsonObject; now: JsonObject; causes: Cause[] }[];
  it.each(cases.map((one) => [JSON.stringify(one.now), one] as const))('%s', (_name, { old, now, causes }) => {
    const before = resource({ spec: old });
    const after = resource({ spec: now });
    const errors = validateAgainstSchema(after, schema, before);
    expect(sorted([...errors, ...validateRules(after, before, schema, errors)])).toEqual(sorted(causes));
  });
});

describe('schemas of definitions', () => {
  const cases = check.cases as unknown as { schema: unknown; causes: Cause[] }[];
  it.each(cases.map((one) => [JSON.stringify(one.schema), one] as const))('%s', (_name, { schema, causes }) => {
    expect(sorted(checkStructuralSchema(schema, where))).toEqual(sorted(causes));
  });
});

describe('rules', () => {
  interface RuleCase {
    readonly rules: JsonObject[];
    readonly old: JsonObject | null;
    readonly now: JsonObject;
    readonly crd?: Cause[];
    readonly causes?: Cause[];
  }
  const cases = rules.cases as unknown as RuleCase[];
  it.each(cases.map((one) => [JSON.stringify([one.rules, one.old, one.now]), one] as const))('%s', (_name, one) => {
    const spec = { type: 'object', properties: rules.properties, 'x-kubernetes-validations': one.rules };
    const schema = { type: 'object', properties: { spec } } as unknown as Schema;
    expect(sorted(checkRules(schema, where))).toEqual(sorted(one.crd));
    if (one.crd !== undefined) return;
    const before = one.old === null ? undefined : resource({ spec: one.old });
    expect(sorted(validateRules(resource({ spec: one.now }), before, schema))).toEqual(sorted(one.causes));
  });

  it('sees the names of the object at the root', () => {
    const schema = {
      type: 'object',
      'x-kubernetes-validations': [{ rule: "self.metadata.name == 'probe' && self.kind == 'Kitchen'" }],
    };
    expect(checkRules(schema, where)).toEqual([]);
    expect(validateRules(resource({}), undefined, schema)).toEqual([]);
    expect(validateRules(resource({ metadata: { name: 'other' } }), undefined, schema)).toHaveLength(1);
  });

  it('names functions that are not there', () => {
    const schema = { type: 'object', 'x-kubernetes-validations': [{ rule: 'colour("red") == colour("red")' }] };
    expect(checkRules(schema, where)[0]?.message).toContain("undeclared reference to 'colour'");
  });
});

describe('pruning and defaulting, for any object', () => {
  const schema: Schema = {
    type: 'object',
    properties: {
      a: { type: 'string', default: 'x' },
      b: { type: 'object', properties: { c: { type: 'integer', default: 1 }, d: { type: 'string', nullable: true } } },
      e: { type: 'array', items: { type: 'object', properties: { f: { type: 'boolean', default: true } } } },
      g: {
        type: 'object',
        additionalProperties: { type: 'object', properties: { h: { type: 'string', default: 'y' } } },
      },
      i: {
        type: 'object',
        'x-kubernetes-preserve-unknown-fields': true,
        properties: { c: { type: 'string', default: 'z' } },
      },
    },
  };
  const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'odd');
  const json = fc.letrec<{ value: JsonObject[string]; object: JsonObject }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, 1, 'text', true),
      fc.array(tie('value'), { maxLength: 3 }),
      tie('object'),
    ),
    object: fc.dictionary(names, tie('value'), { maxKeys: 5 }),
  })).object;

  it('prunes what is pruned to itself', () => {
    fc.assert(
      fc.property(json, (object) => {
        const once = pruneUnknown(object, schema).object;
        expect(pruneUnknown(once, schema)).toEqual({ object: once, unknown: [] });
      }),
    );
  });

  it('defaults what has its defaults to itself', () => {
    fc.assert(
      fc.property(json, (object) => {
        const once = applyDefaults(object, schema);
        expect(applyDefaults(once, schema)).toEqual(once);
      }),
    );
  });

  it('gives the same in both orders', () => {
    fc.assert(
      fc.property(json, (object) => {
        const defaultsFirst = pruneUnknown(applyDefaults(object, schema), schema).object;
        expect(applyDefaults(pruneUnknown(object, schema).object, schema)).toEqual(defaultsFirst);
      }),
    );
  });
});
