/**
 * JSON as CEL sees it through a schema: whole numbers are int, formats become timestamps, durations and bytes, sets and keyed lists
 * compare without regard to order, null fields are absent.
 */
import { Environment } from '@marcbachmann/cel-js';
import { celName, constructorOf, withImplicitFields } from './cel-environment.ts';
import type { Json, JsonObject } from './json.ts';
import { equal, isObject, member } from './json.ts';
import type { Schema } from './schema-node.ts';
import {
  embeddedResource,
  intOrString,
  isTrue,
  listTypeKeyword,
  preserveUnknown,
  propertiesOf,
  property,
  subschema,
  textOf,
} from './schema-node.ts';

const source = Symbol('source');

/** An object with declared fields. */
export class CelObject {
  readonly [source]: { readonly value: JsonObject; readonly schema: Schema };

  constructor(value: JsonObject, schema: Schema) {
    this[source] = { value, schema };
    Object.defineProperty(this, source, { enumerable: false });
  }

  equals(other: CelObject): boolean {
    return sameValue(this[source].value, other[source].value, this[source].schema);
  }
}

/** A set or a keyed list: the evaluator takes a Set for a list whose order means nothing, and asks it what it has. */
function unorderedList(items: unknown[]): Set<unknown> {
  const list = new Set(items);
  const holds = (value: unknown): boolean =>
    items.includes(value) ||
    (value instanceof CelObject && items.some((item) => item instanceof CelObject && item.equals(value)));
  return Object.defineProperty(list, 'has', { value: holds });
}

/** Equality as rules see it. */
export function sameValue(one: Json | undefined, other: Json | undefined, schema: Schema): boolean {
  const items = subschema(schema, 'items') ?? {};
  if (Array.isArray(one) && Array.isArray(other)) {
    if (one.length !== other.length) return false;
    const listType = schema[listTypeKeyword];
    if (listType !== 'set' && listType !== 'map')
      return one.every((item, index) => sameValue(item, other[index], items));
    return one.every((item) => other.some((candidate) => sameValue(item, candidate, items)));
  }
  if (!isObject(one) || !isObject(other)) return equal(one, other);
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  const additional = subschema(schema, 'additionalProperties') ?? {};
  return [...names].every((name) =>
    sameValue(member(one, name) ?? undefined, member(other, name) ?? undefined, property(schema, name) ?? additional),
  );
}

const durations = new Environment().registerVariable('text', 'string').parse('duration(text)');

function typedText(text: string, format: string | undefined): unknown {
  if (format === 'date' || format === 'date-time') return new Date(text);
  if (format === 'byte') return Uint8Array.from(Buffer.from(text, 'base64'));
  return format === 'duration' ? durations({ text }) : text;
}

/** Without a schema: objects are maps, whole numbers are int. */
export function untypedValue(value: Json): unknown {
  if (Array.isArray(value)) return value.map(untypedValue);
  if (isObject(value)) return new Map(Object.entries(value).map(([name, item]) => [name, untypedValue(item)]));
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

/** The value for `self` or `oldSelf`; it has passed the schema. */
export function typedValue(value: Json, schema: Schema): unknown {
  if (value === null) return null;
  if (isTrue(schema, intOrString) || textOf(schema, 'type') === undefined) return untypedValue(value);
  if (typeof value === 'number') return textOf(schema, 'type') === 'integer' ? BigInt(value) : value;
  if (typeof value === 'string') return typedText(value, textOf(schema, 'format'));
  if (Array.isArray(value)) {
    const items = subschema(schema, 'items') ?? {};
    const list = value.map((item) => typedValue(item, items));
    const listType = schema[listTypeKeyword];
    return listType === 'set' || listType === 'map' ? unorderedList(list) : list;
  }
  return isObject(value) ? typedObject(value, schema) : value;
}

function typedObject(object: JsonObject, schema: Schema): unknown {
  const additional = subschema(schema, 'additionalProperties');
  if (additional !== undefined) {
    return new Map(Object.entries(object).map(([name, item]) => [name, typedValue(item, additional)]));
  }
  if (propertiesOf(schema).length === 0 && isTrue(schema, preserveUnknown)) return untypedValue(object);
  const declared = isTrue(schema, embeddedResource) ? withImplicitFields(schema) : schema;
  const typed = new (constructorOf(schema))(object, declared);
  for (const [name, child] of propertiesOf(declared)) {
    const value = member(object, name);
    const known = celName(name);
    if (value !== undefined && value !== null && known !== undefined) {
      Object.defineProperty(typed, known, { value: typedValue(value, child), enumerable: true });
    }
  }
  return typed;
}
