/**
 * Reading an OpenAPI v3 schema of a CustomResourceDefinition, which is untyped JSON until `check.ts` has passed it.
 */
import type { Json, JsonObject } from './json.ts';
import { isObject, member } from './json.ts';

export type Schema = JsonObject;

/** The schema under that keyword; undefined when there is none. */
export function subschema(schema: Schema, keyword: string): Schema | undefined {
  const value = member(schema, keyword);
  return isObject(value) ? value : undefined;
}

export function subschemas(schema: Schema, keyword: 'allOf' | 'anyOf' | 'oneOf'): Schema[] {
  const value = member(schema, keyword);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function propertiesOf(schema: Schema): [string, Schema][] {
  return Object.entries(subschema(schema, 'properties') ?? {}).filter((entry): entry is [string, Schema] =>
    isObject(entry[1]),
  );
}

const propertyMaps = new WeakMap<Schema, ReadonlyMap<string, Schema>>();

/** As `propertiesOf`, to look one up; made once for a schema. */
export function propertyMap(schema: Schema): ReadonlyMap<string, Schema> {
  let map = propertyMaps.get(schema);
  if (map === undefined) {
    map = new Map(propertiesOf(schema));
    propertyMaps.set(schema, map);
  }
  return map;
}

export function property(schema: Schema, name: string): Schema | undefined {
  const properties = subschema(schema, 'properties');
  return properties === undefined ? undefined : subschema(properties, name);
}

export function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function numberOf(schema: Schema, keyword: string): number | undefined {
  const value = member(schema, keyword);
  return typeof value === 'number' ? value : undefined;
}

export function textOf(schema: Schema, keyword: string): string | undefined {
  const value = member(schema, keyword);
  return typeof value === 'string' ? value : undefined;
}

export function isTrue(schema: Schema, keyword: string): boolean {
  return member(schema, keyword) === true;
}

export const preserveUnknown = 'x-kubernetes-preserve-unknown-fields';
export const embeddedResource = 'x-kubernetes-embedded-resource';
export const intOrString = 'x-kubernetes-int-or-string';
export const listTypeKeyword = 'x-kubernetes-list-type';
export const listKeysKeyword = 'x-kubernetes-list-map-keys';
export const mapTypeKeyword = 'x-kubernetes-map-type';
export const rulesKeyword = 'x-kubernetes-validations';
