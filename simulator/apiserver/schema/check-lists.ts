/**
 * Rules for x-kubernetes-list-type and x-kubernetes-list-map-keys in a schema. Upstream: apiextensions validation.go.
 */
import type { FieldError } from '../errors.ts';
import { forbidden, invalidValue, required, unsupportedValue } from './field-errors.ts';
import { member } from './json.ts';
import type { Schema } from './schema-node.ts';
import {
  isTrue,
  listKeysKeyword,
  listTypeKeyword,
  mapTypeKeyword,
  property,
  subschema,
  textOf,
  textsOf,
} from './schema-node.ts';

export function listKeywordErrors(schema: Schema, path: string): FieldError[] {
  const listType = member(schema, listTypeKeyword);
  const keys = textsOf(schema[listKeysKeyword]);
  const errors: FieldError[] = [];
  if (listType !== undefined && textOf(schema, 'type') !== 'array') {
    errors.push(
      invalidValue(`${path}.type`, textOf(schema, 'type') ?? '', `must be array if ${listTypeKeyword} is specified`),
    );
  }
  if (listType !== undefined && listType !== 'atomic' && listType !== 'set' && listType !== 'map') {
    errors.push(unsupportedValue(`${path}.${listTypeKeyword}`, listType, ['atomic', 'set', 'map']));
  }
  if (listType !== 'map' && keys.length > 0) {
    const why = `must be map if ${listKeysKeyword} is non-empty`;
    errors.push(
      listType === undefined
        ? required(`${path}.${listTypeKeyword}`, why)
        : invalidValue(`${path}.${listTypeKeyword}`, listType, why),
    );
  }
  if (listType === 'set') errors.push(...setErrors(subschema(schema, 'items'), path));
  if (listType === 'map') errors.push(...keyedListErrors(schema, keys, path));
  return errors;
}

function setErrors(items: Schema | undefined, path: string): FieldError[] {
  if (items === undefined) return [];
  const errors: FieldError[] = [];
  if (isTrue(items, 'nullable')) {
    errors.push(forbidden(`${path}.items.nullable`, `cannot be nullable when ${listTypeKeyword} is set`));
  }
  const type = textOf(items, 'type');
  const isAtomic =
    type === 'object'
      ? items[mapTypeKeyword] === 'atomic'
      : type !== 'array' || items[listTypeKeyword] === undefined || items[listTypeKeyword] === 'atomic';
  if (!isAtomic) {
    const keyword = type === 'object' ? mapTypeKeyword : listTypeKeyword;
    const why = `must be atomic as item of a list with ${listTypeKeyword}=set`;
    errors.push(invalidValue(`${path}.items.${keyword}`, member(items, keyword), why));
  }
  return errors;
}

function keyedListErrors(schema: Schema, keys: readonly string[], path: string): FieldError[] {
  const at = `${path}.${listKeysKeyword}`;
  if (keys.length === 0) return [required(at, `must not be empty if ${listTypeKeyword} is map`)];
  const items = subschema(schema, 'items');
  if (items === undefined) return [];
  const because = `if parent array's ${listTypeKeyword} is map`;
  if (textOf(items, 'type') !== 'object') {
    return [invalidValue(`${path}.items.type`, textOf(items, 'type') ?? '', `must be object ${because}`)];
  }
  const errors: FieldError[] = [];
  if (isTrue(items, 'nullable')) {
    errors.push(forbidden(`${path}.items.nullable`, `cannot be nullable when ${listTypeKeyword} is map`));
  }
  if (new Set(keys).size < keys.length) errors.push(invalidValue(at, [...keys], 'must not contain duplicate entries'));
  for (const key of keys) errors.push(...keyErrors(items, key, keys, path));
  return errors;
}

function keyErrors(items: Schema, key: string, keys: readonly string[], path: string): FieldError[] {
  const child = property(items, key);
  if (child === undefined) {
    return [invalidValue(`${path}.${listKeysKeyword}`, [...keys], 'entries must all be names of item properties')];
  }
  const at = `${path}.items.properties[${key}]`;
  const errors: FieldError[] = [];
  const type = textOf(child, 'type') ?? '';
  if (type === 'object' || type === 'array') {
    errors.push(invalidValue(`${at}.type`, type, `must be a scalar type if parent array's ${listTypeKeyword} is map`));
  }
  const inKeys = `this property is in ${listKeysKeyword}, so it`;
  if (isTrue(child, 'nullable')) errors.push(forbidden(`${at}.nullable`, `${inKeys} cannot be nullable`));
  if (child.default === undefined && !textsOf(items.required).includes(key)) {
    errors.push(required(`${at}.default`, `${inKeys} must have a default or be a required property`));
  }
  return errors;
}
