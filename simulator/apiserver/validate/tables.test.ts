/**
 * The cases of semantics 6, list `validation`, each run through decode, patch, defaults, preparation and validation as
 * the API server does it.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { prepareForCreate } from '../defaults/generated.ts';
import { applyBuiltInDefaults } from '../defaults/index.ts';
import type { FieldError } from '../errors.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../patch/strategic-merge.ts';
import type { Json, JsonObject } from '../schema/json.ts';
import { typeErrors, unknownFields, withoutUnknownFields } from '../schema/strict.ts';
import { type Structure, structureOf } from '../schema/structure.ts';
import { semanticallyEqual } from './equal.ts';
import { validateCreate, validateUpdate, warningsFor } from './index.ts';
import type { KindOfObject } from './kind-of-object.ts';

interface Case {
  readonly id: string;
  readonly name: string;
  readonly method: 'POST' | 'PUT' | 'PATCH';
  readonly resource: 'jobs' | 'cronjobs';
  readonly subresource?: string;
  readonly query?: string;
  readonly contentType?: string;
  readonly existing?: JsonObject;
  readonly existingStatus?: JsonObject;
  readonly body: JsonObject;
  readonly expect: {
    readonly code: number;
    readonly reason?: string;
    readonly causes?: readonly { readonly field: string; readonly reason: string }[];
    readonly warnings: number;
  };
}

interface Outcome {
  readonly code: number;
  readonly errors: readonly FieldError[];
  readonly warnings: number;
}

const tables = new URL('../../../fixtures/kubernetes/tables.json', import.meta.url);
const cases: Case[] = JSON.parse(readFileSync(tables, 'utf8')).validation;
const uid = 'f0e1d2c3-0000-4000-8000-000000000000';
const kinds = {
  jobs: { group: 'batch', version: 'v1', kind: 'Job' },
  cronjobs: { group: 'batch', version: 'v1', kind: 'CronJob' },
} satisfies Record<string, KindOfObject>;

function structure(test: Case): Structure {
  const found = structureOf('batch', 'v1', kinds[test.resource].kind);
  if (!found) throw new Error(`no structure for ${test.resource}`);
  return found;
}

function defaulted(test: Case, object: unknown): KubernetesObject {
  return applyBuiltInDefaults(kinds[test.resource], object as KubernetesObject);
}

/** A created object as the store would hold it. */
function created(test: Case, body: JsonObject): KubernetesObject {
  const object = defaulted(test, body);
  const name =
    object.metadata?.name || (object.metadata?.generateName ? `${object.metadata.generateName}abcde` : undefined);
  const named = { ...object, metadata: { ...object.metadata, ...(name ? { name } : {}), namespace: 'n' } };
  return prepareForCreate(kinds[test.resource], named, uid);
}

function stored(test: Case): KubernetesObject & { status?: unknown } {
  const object = created(test, test.existing ?? {});
  const metadata = { ...object.metadata, resourceVersion: '7', creationTimestamp: '2026-01-01T00:00:00Z' };
  return { ...object, metadata, ...(test.existingStatus ? { status: test.existingStatus } : {}) };
}

function patched(test: Case, old: KubernetesObject): unknown {
  if (test.method === 'PUT') return test.body;
  const document = structuredClone(old) as unknown as Json;
  return test.contentType === 'application/merge-patch+json'
    ? applyMergePatch(document, test.body)
    : applyStrategicMergePatch(document, test.body, structure(test));
}

function update(test: Case): Outcome {
  const old = stored(test);
  const fresh = defaulted(test, patched(test, old)) as KubernetesObject & { spec?: unknown; status?: unknown };
  const onStatus = test.subresource === 'status';
  const object = onStatus ? { ...fresh, spec: (old as { spec?: unknown }).spec } : { ...fresh, status: old.status };
  const before = old as { spec?: unknown };
  const moved = !semanticallyEqual((object as { spec?: unknown }).spec, before.spec);
  const generation = (old.metadata?.generation ?? 1) + (moved ? 1 : 0);
  const result = { ...object, metadata: { resourceVersion: '7', ...object.metadata, generation } };
  const errors = validateUpdate(kinds[test.resource], result, old, test.subresource);
  const warnings = onStatus ? [] : warningsFor(kinds[test.resource], result, old);
  return { code: errors.length > 0 ? 422 : 200, errors, warnings: warnings.length };
}

function create(test: Case): Outcome {
  const unknown = unknownFields(structure(test), test.body);
  const strict = test.query === 'fieldValidation=Strict';
  if (typeErrors(structure(test), test.body).length > 0 || (strict && unknown.length > 0)) {
    return { code: 400, errors: [], warnings: 0 };
  }
  const object = created(test, withoutUnknownFields(structure(test), test.body));
  const errors = validateCreate(kinds[test.resource], object);
  const warnings = errors.length > 0 ? [] : warningsFor(kinds[test.resource], object);
  return { code: errors.length > 0 ? 422 : 201, errors, warnings: warnings.length + unknown.length };
}

function asSet(causes: readonly { field: string; reason: string }[]): string[] {
  return [...new Set(causes.map((cause) => `${cause.field} ${cause.reason}`))].sort();
}

describe('the validation cases of the tables', () => {
  test.each(cases)('$id $name', (one) => {
    const outcome = one.method === 'POST' ? create(one) : update(one);
    expect({ code: outcome.code, causes: asSet(outcome.errors) }).toEqual({
      code: one.expect.code,
      causes: asSet(one.expect.causes ?? []),
    });
    expect(outcome.warnings).toBe(one.expect.warnings);
  });
});
