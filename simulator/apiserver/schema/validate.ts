/**
 * Validation of custom resources against their schema, in the real server's words. Upstream: kube-openapi validate,
 * apiextensions listtype and objectmeta. An update tolerates what was wrong before and has not changed (ratcheting).
 * Semantics 1.16.
 */
import { quote } from '../../../cron/go-text.ts';
import { compilePattern } from '../../../patterns/re2.ts';
import type { FieldError } from '../errors.ts';
import { embeddedErrors } from './embedded.ts';
import {
  invalidType,
  invalidValue,
  jsonTypeName,
  memberPath,
  required,
  tooLong,
  tooMany,
  unsupportedValue,
} from './field-errors.ts';
import { hasFormat } from './formats.ts';
import type { Json, JsonObject } from './json.ts';
import { equal, isObject, member } from './json.ts';
import { listTypeErrors } from './list-types.ts';
import type { Schema } from './schema-node.ts';
import {
  embeddedResource,
  intOrString,
  isTrue,
  listKeysKeyword,
  listTypeKeyword,
  numberOf,
  propertyMap,
  subschema,
  subschemas,
  textOf,
  textsOf,
} from './schema-node.ts';

/** Schema errors that belong to no field carry this one. */
const noField = '<nil>';

/**
 * What is wrong with the object; empty when it is valid. `old` is the stored object on update. Defaults and pruning
 * come before.
 */
export function validateAgainstSchema(object: JsonObject, schema: Schema, old?: JsonObject): FieldError[] {
  return [
    ...validateValue(object, schema, '', old),
    ...embeddedErrors(object, schema, ''),
    ...listTypeErrors(object, schema, '', old),
  ];
}

/** Validates one value by itself, without list-type rules. */
export function validateValueAt(value: Json, schema: Schema, path: string): FieldError[] {
  return validateValue(value, schema, path, undefined);
}

function validateValue(value: Json, schema: Schema, path: string, old: Json | undefined): FieldError[] {
  if (old !== undefined && equal(value, old)) return [];
  const type = typeErrors(value, schema, path);
  if (value === null) return [...type, ...enumErrors(value, schema, path)];
  return [
    ...type,
    ...junctorErrors(value, schema, path),
    ...(typeof value === 'string' ? textErrors(value, schema, path) : []),
    ...(typeof value === 'number' ? numberErrors(value, schema, path) : []),
    ...(Array.isArray(value) ? listErrors(value, schema, path, old) : []),
    ...enumErrors(value, schema, path),
    ...(isObject(value) ? objectErrors(value, schema, path, old) : []),
  ];
}

function typeErrors(value: Json, schema: Schema, path: string): FieldError[] {
  const allowed = isTrue(schema, intOrString) ? ['integer', 'string'] : [textOf(schema, 'type') ?? ''];
  const given = jsonTypeName(value);
  if (allowed[0] === '' || allowed.includes(given) || (given === 'integer' && allowed.includes('number'))) {
    return formatErrors(value, schema, path);
  }
  if (value === null && isTrue(schema, 'nullable')) return [];
  return [invalidType(path, given, `${path} in body must be of type ${allowed.join(',')}: "${given}"`)];
}

function formatErrors(value: Json, schema: Schema, path: string): FieldError[] {
  const format = textOf(schema, 'format');
  if (typeof value !== 'string' || format === undefined || hasFormat(value, format)) return [];
  return [invalidType(path, value, `${path} in body must be of type ${format}: ${quote(value)}`)];
}

function enumErrors(value: Json, schema: Schema, path: string): FieldError[] {
  const allowed = schema.enum;
  if (!Array.isArray(allowed) || allowed.length === 0) return [];
  if (allowed.some((item) => equal(item, value)) || (value === null && isTrue(schema, 'nullable'))) return [];
  return [unsupportedValue(path, value, allowed)];
}

function textErrors(value: string, schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const length = [...value].length;
  const longest = numberOf(schema, 'maxLength');
  const shortest = numberOf(schema, 'minLength');
  const pattern = textOf(schema, 'pattern');
  if (longest !== undefined && length > longest) errors.push(tooLong(path, longest));
  if (shortest !== undefined && length < shortest) {
    errors.push(invalidValue(path, value, `${path} in body should be at least ${shortest} chars long`));
  }
  if (pattern !== undefined && !compilePattern(pattern).test(value)) {
    errors.push(invalidValue(path, value, `${path} in body should match '${pattern}'`));
  }
  return errors;
}

function wholeNumberProblem(value: number, schema: Schema): string | undefined {
  const format = textOf(schema, 'format');
  if (textOf(schema, 'type') !== 'integer') return undefined;
  if (!Number.isInteger(value))
    return `of type integer ${format === undefined ? '(default format)' : `with format ${format}`}`;
  const limit = format === 'int32' ? 2 ** 31 : 2 ** 63;
  return value >= limit || value < -limit ? `of type integer with format ${format ?? 'int64'}` : undefined;
}

function numberErrors(value: number, schema: Schema, path: string): FieldError[] {
  const problem = wholeNumberProblem(value, schema);
  if (problem !== undefined) return [invalidValue(noField, '', `Checked value must be ${problem} in ${path}`)];
  const errors: FieldError[] = [];
  const factor = numberOf(schema, 'multipleOf');
  const least = numberOf(schema, 'minimum');
  const most = numberOf(schema, 'maximum');
  const beyond = (text: string): void =>
    void errors.push(invalidValue(path, value, `${path} in body should be ${text}`));
  if (factor !== undefined && !Number.isInteger(value / factor)) beyond(`a multiple of ${factor}`);
  if (most !== undefined) {
    if (isTrue(schema, 'exclusiveMaximum') && value >= most) beyond(`less than ${most}`);
    else if (value > most) beyond(`less than or equal to ${most}`);
  }
  if (least !== undefined) {
    if (isTrue(schema, 'exclusiveMinimum') && value <= least) beyond(`greater than ${least}`);
    else if (value < least) beyond(`greater than or equal to ${least}`);
  }
  return errors;
}

/** Elements correlate with old ones only in keyed lists; elsewhere a changed list is new as a whole. */
export function oldItem(item: Json, old: Json | undefined, schema: Schema): Json | undefined {
  if (!Array.isArray(old) || schema[listTypeKeyword] !== 'map' || !isObject(item)) return undefined;
  const keys = textsOf(schema[listKeysKeyword]);
  return old.find((other) => isObject(other) && keys.every((key) => equal(member(other, key), member(item, key))));
}

function listErrors(list: readonly Json[], schema: Schema, path: string, old: Json | undefined): FieldError[] {
  const items = subschema(schema, 'items');
  const errors =
    items === undefined
      ? []
      : list.flatMap((item, index) => validateValue(item, items, `${path}[${index}]`, oldItem(item, old, schema)));
  const fewest = numberOf(schema, 'minItems');
  const most = numberOf(schema, 'maxItems');
  if (fewest !== undefined && list.length < fewest) {
    errors.push(invalidValue(path, list.length, `${path} in body should have at least ${fewest} items`));
  }
  if (most !== undefined && list.length > most) errors.push(tooMany(path, list.length, most));
  return errors;
}

function objectErrors(object: JsonObject, schema: Schema, path: string, old: Json | undefined): FieldError[] {
  const before = isObject(old) ? old : {};
  const errors: FieldError[] = [];
  const count = Object.keys(object).length;
  const fewest = numberOf(schema, 'minProperties');
  const most = numberOf(schema, 'maxProperties');
  if (fewest !== undefined && count < fewest) {
    errors.push(invalidValue(path, count, `${path} in body should have at least ${fewest} properties`));
  }
  if (most !== undefined && count > most) errors.push(tooMany(path, count, most));
  const properties = propertyMap(schema);
  const additional = subschema(schema, 'additionalProperties');
  for (const [name, value] of Object.entries(object)) {
    const isEmbedded = isTrue(schema, embeddedResource) && ['apiVersion', 'kind', 'metadata'].includes(name);
    const child = properties.get(name) ?? (isEmbedded ? undefined : additional);
    if (child !== undefined) errors.push(...validateValue(value, child, memberPath(path, name), member(before, name)));
  }
  for (const name of textsOf(schema.required)) {
    if (!Object.hasOwn(object, name)) errors.push(required(memberPath(path, name)));
  }
  return errors;
}

function junctorErrors(value: Json, schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const shown = JSON.stringify(path);
  const fail = (text: string): void => void errors.push(invalidValue(noField, '', `${shown} ${text}`));
  const outcomes = (keyword: 'allOf' | 'anyOf' | 'oneOf'): FieldError[][] =>
    subschemas(schema, keyword).map((branch) => validateValue(value, branch, path, undefined));

  const any = outcomes('anyOf');
  if (any.length > 0 && any.every((branch) => branch.length > 0)) {
    fail('must validate at least one schema (anyOf)');
    errors.push(...(any[0] ?? []));
  }
  const one = outcomes('oneOf');
  const valid = one.filter((branch) => branch.length === 0).length;
  if (one.length > 0 && valid !== 1) {
    const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
    fail(`must validate one and only one schema (oneOf). ${found}`);
    if (valid === 0) errors.push(...(one[0] ?? []));
  }
  const all = outcomes('allOf');
  if (all.some((branch) => branch.length > 0)) {
    errors.push(...all.flat());
    const none = all.every((branch) => branch.length > 0) ? '. None validated' : '';
    fail(`must validate all the schemas (allOf)${none}`);
  }
  const not = subschema(schema, 'not');
  if (not !== undefined && validateValue(value, not, path, undefined).length === 0)
    fail('must not validate the schema (not)');
  return errors;
}
