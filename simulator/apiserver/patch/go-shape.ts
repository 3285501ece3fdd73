/**
 * What the real server sees when it compares objects of a built-in kind: structures that are no pointers are written as `{}` and
 * required lists and maps as null, even when nothing is set. Ownership of `.status` or of `resources: {}` follows from it.
 */
import type { Json, JsonObject } from '../schema/json.ts';
import { isObject } from '../schema/json.ts';
import type { Structure } from '../schema/structure.ts';

/** The value with all that Go would write. */
export function inGoShape(value: Json, structure: Structure): Json {
  if (Array.isArray(value)) {
    const { items } = structure;
    return items === undefined ? value : value.map((item) => inGoShape(item, items));
  }
  if (!isObject(value)) return value;
  const shaped: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const child = structure.fields?.get(name) ?? structure.values;
    shaped[name] = child === undefined ? item : inGoShape(item, child);
  }
  for (const [name, child] of structure.fields ?? []) {
    if (Object.hasOwn(value, name)) continue;
    if (child.present === true) shaped[name] = inGoShape({}, child);
    else if (structure.required?.includes(name) && (child.type === 'list' || child.type === 'map')) shaped[name] = null;
  }
  return shaped;
}
