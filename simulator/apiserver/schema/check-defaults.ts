/**
 * Defaults of a schema have to be valid by the schema themselves and to name no unknown field. Upstream: apiextensions
 * schema/defaulting/validation.go.
 */
import type { FieldError } from '../errors.ts';
import { invalidValue } from './field-errors.ts';
import type { Json } from './json.ts';
import { equal, isObject } from './json.ts';
import { pruneUnknown } from './prune.ts';
import type { Schema } from './schema-node.ts';
import { propertiesOf, subschema } from './schema-node.ts';
import { validateValueAt } from './validate.ts';

function prunedDefault(value: Json, schema: Schema): Json {
  const wrapped = pruneUnknown({ value }, { type: 'object', properties: { value: schema } }).object;
  return wrapped.value ?? null;
}

function ownErrors(schema: Schema, path: string): FieldError[] {
  const fallback = schema.default;
  if (fallback === undefined || fallback === null) return [];
  const at = `${path}.default`;
  if (!equal(prunedDefault(fallback, schema), fallback)) {
    return [invalidValue(at, fallback, 'must not have unknown fields')];
  }
  return validateValueAt(fallback, schema, '').map((error) => ({
    ...error,
    field: error.field === '' ? at : error.field.startsWith('<') ? at : `${at}.${error.field}`,
  }));
}

/** Errors of all defaults of the schema. */
export function defaultErrors(schema: Schema, path: string): FieldError[] {
  const children = propertiesOf(schema).flatMap(([name, child]) => defaultErrors(child, `${path}.properties[${name}]`));
  const items = isObject(schema.items) ? defaultErrors(schema.items, `${path}.items`) : [];
  const additional = subschema(schema, 'additionalProperties');
  const values = additional === undefined ? [] : defaultErrors(additional, `${path}.additionalProperties`);
  return [...ownErrors(schema, path), ...children, ...items, ...values];
}
