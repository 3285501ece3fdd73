/**
 * JSON as rules see it through a schema: whole numbers are int, formats become timestamps, durations and bytes, sets
 * and keyed lists compare without regard to order, null members are absent. Source: apiserver
 * cel/common/valuesunstructured.go.
 */
import type { Type } from '../../cel/check/types.ts';
import { Budget } from '../../cel/cost.ts';
import { readTimestamp } from '../../cel/library/time-text.ts';
import { compareAs, equal as equalValues, type OrderFree } from '../../cel/values/compare.ts';
import { CelMap, Duration, type List, Structure, type Value } from '../../cel/values/value.ts';
import { memberNamed, structOf, withImplicitFields } from './cel-types.ts';
import { goDurationSeconds } from './formats.ts';
import type { Json, JsonObject } from './json.ts';
import { equal, isObject, member } from './json.ts';
import type { Schema } from './schema-node.ts';
import {
  embeddedResource,
  intOrString,
  isTrue,
  listTypeKeyword,
  propertiesOf,
  property,
  subschema,
  textOf,
} from './schema-node.ts';

/** An object with declared members, each read when it is first asked for. */
class SchemaObject extends Structure {
  readonly #value: JsonObject;
  readonly #schema: Schema;
  readonly #known = new Map<string, Value | undefined>();

  constructor(value: JsonObject, schema: Schema) {
    super();
    this.#value = value;
    this.#schema = schema;
  }

  override get type(): Type {
    return structOf(this.#schema, 'selfType');
  }

  override get(field: string): Value | undefined {
    if (!this.#known.has(field)) this.#known.set(field, this.#read(field));
    return this.#known.get(field);
  }

  #read(field: string): Value | undefined {
    const name = memberNamed(field);
    const schema = name === undefined ? undefined : property(this.#schema, name);
    const value = name === undefined ? undefined : member(this.#value, name);
    return schema === undefined || value === undefined || value === null ? undefined : typedValue(value, schema);
  }

  override names(): string[] {
    return Object.keys(this.#value).filter((name) => property(this.#schema, name) !== undefined);
  }

  override equals(other: Structure): boolean {
    return other instanceof SchemaObject && sameValue(this.#value, other.#value, this.#schema);
  }
}

/** Equality as rules see it. */
export function sameValue(one: Json | undefined, other: Json | undefined, schema: Schema): boolean {
  const items = subschema(schema, 'items') ?? {};
  if (Array.isArray(one) && Array.isArray(other)) {
    if (one.length !== other.length) return false;
    if (!isUnordered(schema)) return one.every((item, index) => sameValue(item, other[index], items));
    return one.every((item) => other.some((candidate) => sameValue(item, candidate, items)));
  }
  if (!isObject(one) || !isObject(other)) return equal(one, other);
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  const additional = subschema(schema, 'additionalProperties') ?? {};
  return [...names].every((name) =>
    sameValue(member(one, name) ?? undefined, member(other, name) ?? undefined, property(schema, name) ?? additional),
  );
}

function isUnordered(schema: Schema): boolean {
  return schema[listTypeKeyword] === 'set' || schema[listTypeKeyword] === 'map';
}

/** Without a schema: objects are maps, whole numbers are int. */
export function untypedValue(value: Json): Value {
  if (Array.isArray(value)) return value.map(untypedValue);
  if (isObject(value)) return CelMap.of(Object.entries(value).map(([name, item]) => [name, untypedValue(item)]));
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

/** The value for `self` or `oldSelf`; it has passed the schema. */
export function typedValue(value: Json, schema: Schema): Value {
  if (value === null) return null;
  if (isTrue(schema, intOrString) || textOf(schema, 'type') === undefined) return untypedValue(value);
  if (typeof value === 'number') return textOf(schema, 'type') === 'integer' ? BigInt(value) : value;
  if (typeof value === 'string') return typedText(value, textOf(schema, 'format'));
  if (Array.isArray(value)) return typedList(value, schema);
  return isObject(value) ? typedObject(value, schema) : value;
}

function typedText(text: string, format: string | undefined): Value {
  if (format === 'date') return readTimestamp(`${text}T00:00:00Z`) ?? text;
  if (format === 'date-time') return readTimestamp(text) ?? text;
  if (format === 'byte') return Uint8Array.from(Buffer.from(text, 'base64'));
  return format === 'duration' ? new Duration(BigInt(Math.round((goDurationSeconds(text) ?? 0) * 1e9))) : text;
}

function typedObject(object: JsonObject, schema: Schema): Value {
  const declared = isTrue(schema, embeddedResource) ? withImplicitFields(schema) : schema;
  const additional = subschema(schema, 'additionalProperties');
  if (additional !== undefined && propertiesOf(declared).length === 0) {
    return CelMap.of(Object.entries(object).map(([name, item]) => [name, typedValue(item, additional)]));
  }
  return new SchemaObject(object, declared);
}

function typedList(list: readonly Json[], schema: Schema): Value {
  const items = subschema(schema, 'items') ?? {};
  const typed = list.map((item) => typedValue(item, items));
  if (!isUnordered(schema)) return typed;
  return compareAs(typed, new Unordered(typed, schema));
}

/** A set, or a list whose items have keys: its order means nothing. `+` keeps what is there in its place. */
class Unordered implements OrderFree {
  readonly #items: List;
  readonly #keys: readonly string[] | undefined;

  constructor(items: List, schema: Schema) {
    this.#items = items;
    const keys = schema['x-kubernetes-list-map-keys'];
    this.#keys = schema[listTypeKeyword] === 'map' && Array.isArray(keys) ? keys.map(String) : undefined;
  }

  equalsList(other: List): boolean {
    const budget = new Budget();
    return (
      other.length === this.#items.length &&
      this.#items.every((item) => other.some((candidate) => equalValues(item, candidate, budget)))
    );
  }

  joined(other: List): List {
    const joined = [...this.#items];
    for (const item of other) {
      const place = joined.findIndex((known) => this.#isOne(known, item));
      if (place < 0) joined.push(item);
      else joined[place] = item;
    }
    return joined;
  }

  #isOne(one: Value, other: Value): boolean {
    if (this.#keys === undefined) return equalValues(one, other, new Budget());
    if (!(one instanceof Structure) || !(other instanceof Structure)) return false;
    return this.#keys.every((name) => one.get(name) === other.get(name));
  }
}
