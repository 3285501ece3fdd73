/**
 * Field errors in the API server's words (apimachinery validation/field).
 */
import { quote } from '../../../cron/go-text.ts';
import type { FieldError, FieldErrorReason } from '../errors.ts';
import type { Json } from './json.ts';
import { isObject } from './json.ts';

/** A value as a message shows it: text quoted, lists and objects as JSON. */
export function shownValue(value: Json | undefined): string {
  if (value === undefined || value === null) return 'null';
  return typeof value === 'string' ? quote(value) : JSON.stringify(value);
}

export function fieldError(reason: FieldErrorReason, field: string, message: string): FieldError {
  return { reason, field, message };
}

function withDetail(text: string, detail: string): string {
  return detail === '' ? text : `${text}: ${detail}`;
}

export function required(field: string, detail = ''): FieldError {
  return fieldError('FieldValueRequired', field, withDetail('Required value', detail));
}

export function forbidden(field: string, detail = ''): FieldError {
  return fieldError('FieldValueForbidden', field, withDetail('Forbidden', detail));
}

export function invalidValue(field: string, value: Json | undefined, detail: string): FieldError {
  return fieldError('FieldValueInvalid', field, withDetail(`Invalid value: ${shownValue(value)}`, detail));
}

export function invalidType(field: string, value: Json | undefined, detail: string): FieldError {
  return fieldError('FieldValueTypeInvalid', field, withDetail(`Invalid value: ${shownValue(value)}`, detail));
}

export function duplicate(field: string, value: Json): FieldError {
  return fieldError('FieldValueDuplicate', field, `Duplicate value: ${shownValue(value)}`);
}

export function unsupportedValue(field: string, value: Json, supported: readonly Json[]): FieldError {
  const list = supported.map((item) => quote(typeof item === 'string' ? item : JSON.stringify(item)));
  return fieldError(
    'FieldValueNotSupported',
    field,
    `Unsupported value: ${shownValue(value)}: supported values: ${list.join(', ')}`,
  );
}

export function tooLong(field: string, bytesMax: number): FieldError {
  const noun = bytesMax === 1 ? 'byte' : 'bytes';
  return fieldError('FieldValueTooLong', field, `Too long: may not be more than ${bytesMax} ${noun}`);
}

export function tooMany(field: string, count: number, maximum: number): FieldError {
  const noun = maximum === 1 ? 'item' : 'items';
  return fieldError('FieldValueTooMany', field, `Too many: ${count}: must have at most ${maximum} ${noun}`);
}

/** `integer`, `array` ...: JSON's own types, whole numbers apart. */
export function jsonTypeName(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isObject(value)) return 'object';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** The path of a member: names are joined by dots whatever they contain. */
export function memberPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
