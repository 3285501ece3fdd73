/**
 * Objects within custom resources (x-kubernetes-embedded-resource): each has an apiVersion and a kind. Upstream:
 * apiextensions schema/objectmeta, ValidateEmbeddedResources.
 */
import type { FieldError } from '../errors.ts';
import { invalidValue, memberPath, required } from './field-errors.ts';
import type { Json, JsonObject } from './json.ts';
import { isObject, member } from './json.ts';
import type { Schema } from './schema-node.ts';
import { embeddedResource, isTrue, propertyMap, subschema } from './schema-node.ts';

const labelRule =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

function resourceErrors(object: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const apiVersion = member(object, 'apiVersion') ?? '';
  const kind = member(object, 'kind') ?? '';
  if (apiVersion === '') errors.push(required(memberPath(path, 'apiVersion')));
  else if (typeof apiVersion === 'string' && apiVersion.split('/').length > 2) {
    errors.push(
      invalidValue(memberPath(path, 'apiVersion'), apiVersion, `unexpected GroupVersion string: ${apiVersion}`),
    );
  }
  if (kind === '') errors.push(required(memberPath(path, 'kind')));
  else if (typeof kind === 'string' && !/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(kind.toLowerCase())) {
    const detail = `may have mixed case, but should otherwise match: ${labelRule}`;
    errors.push(invalidValue(memberPath(path, 'kind'), kind, detail));
  }
  return errors;
}

const holders = new WeakMap<Schema, boolean>();

/** True when an embedded resource stands anywhere in the schema. */
function hasEmbedded(schema: Schema): boolean {
  let known = holders.get(schema);
  if (known === undefined) {
    const below = ['items', 'additionalProperties'].map((keyword) => subschema(schema, keyword));
    const all = [...propertyMap(schema).values(), ...below.filter((child) => child !== undefined)];
    known = isTrue(schema, embeddedResource) || all.some(hasEmbedded);
    holders.set(schema, known);
  }
  return known;
}

/** Errors of all embedded objects of the value. */
export function embeddedErrors(value: Json, schema: Schema, path: string): FieldError[] {
  if (!hasEmbedded(schema)) return [];
  if (Array.isArray(value)) {
    const items = subschema(schema, 'items');
    if (items === undefined) return [];
    return value.flatMap((item, index) => embeddedErrors(item, items, `${path}[${index}]`));
  }
  if (!isObject(value)) return [];
  const own = isTrue(schema, embeddedResource) ? resourceErrors(value, path) : [];
  const properties = propertyMap(schema);
  const additional = subschema(schema, 'additionalProperties');
  const below = Object.entries(value).flatMap(([name, item]) => {
    const child = properties.get(name) ?? additional;
    return child === undefined ? [] : embeddedErrors(item, child, memberPath(path, name));
  });
  return [...own, ...below];
}
