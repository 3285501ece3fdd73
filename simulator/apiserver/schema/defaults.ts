/**
 * Defaults of custom resources: they apply where the key is missing and the object around it is there. A null where
 * none is allowed counts as missing. Upstream: apiextensions schema/defaulting; semantics 1.16.
 */
import { setMember } from '../../../world/members.ts';
import type { Json, JsonObject } from './json.ts';
import { clone, isObject, member } from './json.ts';
import type { Schema } from './schema-node.ts';
import { isTrue, propertyMap, subschema } from './schema-node.ts';

/** The object with its defaults; the given one is not touched. */
export function applyDefaults(object: JsonObject, schema: Schema): JsonObject {
  const filled = withDefaults(object, schema);
  return isObject(filled) ? filled : object;
}

function withDefaults(value: Json, schema: Schema): Json {
  if (Array.isArray(value)) {
    const items = subschema(schema, 'items');
    return items === undefined ? value : listWithDefaults(value, items);
  }
  return isObject(value) ? objectWithDefaults(value, schema) : value;
}

/** The very same list when no item changes. */
function listWithDefaults(list: Json[], items: Schema): Json[] {
  const filled = list.map((item) => withDefaults(item, items));
  return filled.some((item, index) => item !== list[index]) ? filled : list;
}

/** The very same object when it has all. */
function objectWithDefaults(object: JsonObject, schema: Schema): JsonObject {
  const filled: JsonObject = {};
  let isChanged = false;
  const properties = propertyMap(schema);
  const additional = subschema(schema, 'additionalProperties');
  for (const [name, value] of Object.entries(object)) {
    const child = properties.get(name) ?? additional;
    if (child === undefined) setMember(filled, name, value);
    else if (value !== null || isTrue(child, 'nullable')) setMember(filled, name, withDefaults(value, child));
    if (member(filled, name) !== value) isChanged = true;
  }
  for (const [name, child] of properties) {
    const fallback = member(child, 'default');
    if (!Object.hasOwn(filled, name) && fallback !== undefined && fallback !== null) {
      setMember(filled, name, withDefaults(clone(fallback), child));
      isChanged = true;
    }
  }
  return isChanged ? filled : object;
}
