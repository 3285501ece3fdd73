/**
 * Elements of sets and keyed lists of custom resources may occur once. Upstream: apiextensions schema/listtype.
 */
import { setMember } from '../../../world/members.ts';
import type { FieldError } from '../errors.ts';
import { duplicate, memberPath } from './field-errors.ts';
import type { Json, JsonObject } from './json.ts';
import { equal, isObject, member } from './json.ts';
import type { Schema } from './schema-node.ts';
import { listKeysKeyword, listTypeKeyword, propertyMap, subschema, textsOf } from './schema-node.ts';

function keysOf(item: Json, keys: readonly string[]): Json {
  const picked: JsonObject = {};
  if (!isObject(item)) return item;
  for (const key of keys) {
    const value = member(item, key);
    if (value !== undefined) setMember(picked, key, value);
  }
  return picked;
}

/** One error for each element that occurs again, at its second place. */
function duplicates(list: readonly Json[], schema: Schema, path: string): FieldError[] {
  const listType = schema[listTypeKeyword];
  if (listType !== 'set' && listType !== 'map') return [];
  const keys = textsOf(schema[listKeysKeyword]);
  const identities = list.map((item) => (listType === 'map' ? keysOf(item, keys) : item));
  return identities.flatMap((identity, index) => {
    const earlier = identities.slice(0, index).filter((other) => equal(other, identity)).length;
    return earlier === 1 ? [duplicate(`${path}[${index}]`, identity)] : [];
  });
}

/** On update unchanged lists are tolerated, and changed ones that had something twice before. */
export function listTypeErrors(value: Json, schema: Schema, path: string, old: Json | undefined): FieldError[] {
  if (old !== undefined && equal(value, old)) return [];
  if (Array.isArray(value)) {
    const items = subschema(schema, 'items');
    const below =
      items === undefined
        ? []
        : value.flatMap((item, index) => listTypeErrors(item, items, `${path}[${index}]`, undefined));
    const hadDuplicates = Array.isArray(old) && duplicates(old, schema, path).length > 0;
    return [...(hadDuplicates ? [] : duplicates(value, schema, path)), ...below];
  }
  if (!isObject(value)) return [];
  const properties = propertyMap(schema);
  const additional = subschema(schema, 'additionalProperties');
  return Object.entries(value).flatMap(([name, item]) => {
    const child = properties.get(name) ?? additional;
    const before = isObject(old) ? member(old, name) : undefined;
    return child === undefined ? [] : listTypeErrors(item, child, memberPath(path, name), before);
  });
}
