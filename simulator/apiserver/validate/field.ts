/**
 * Builders of field errors: one for each kind of refusal, with the API server's words and its way of printing the bad
 * value. Source: the wire of Kubernetes 1.36 (semantics 1.15).
 */
import { quote } from '../../../cron/go-text.ts';
import type { FieldError, FieldErrorReason } from '../errors.ts';

/** Stands for a bad value that the server does not print. */
export const omitted: unique symbol = Symbol('omitted');

/** The value as an error prints it: text in quotes, numbers bare, everything else as JSON. */
export function printed(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'object') return JSON.stringify(value, sortedMap).replace(/[<>&]/g, escapedForHtml);
  return String(value);
}

/** Go prints maps by key and structures in their own order; a map is what holds only text. */
function sortedMap(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (Object.getPrototypeOf(value) === structure) return value;
  const entries = Object.entries(value);
  if (!entries.every(([, member]) => typeof member === 'string')) return value;
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function escapedForHtml(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function error(reason: FieldErrorReason, field: string, words: string, value: unknown, detail: string): FieldError {
  const shown = value === omitted ? words : `${words}: ${printed(value)}`;
  return { reason, field, message: detail === '' ? shown : `${shown}: ${detail}` };
}

export function required(field: string, detail = ''): FieldError {
  return error('FieldValueRequired', field, 'Required value', omitted, detail);
}

export function invalid(field: string, value: unknown, detail: string): FieldError {
  return error('FieldValueInvalid', field, 'Invalid value', value, detail);
}

/** One error for each message. */
export function invalids(field: string, value: unknown, messages: readonly string[]): FieldError[] {
  return messages.map((message) => invalid(field, value, message));
}

export function notSupported(field: string, value: unknown, supported: readonly string[]): FieldError {
  const values = supported.map((text) => quote(text)).join(', ');
  return error('FieldValueNotSupported', field, 'Unsupported value', value, `supported values: ${values}`);
}

export function duplicate(field: string, value: unknown, detail = ''): FieldError {
  return error('FieldValueDuplicate', field, 'Duplicate value', value, detail);
}

export function forbidden(field: string, detail: string): FieldError {
  return error('FieldValueForbidden', field, 'Forbidden', omitted, detail);
}

export function notFound(field: string, value: unknown, detail = ''): FieldError {
  return error('FieldValueNotFound', field, 'Not found', value, detail);
}

export function tooLong(field: string, limitBytes: number): FieldError {
  return error('FieldValueTooLong', field, 'Too long', omitted, `may not be more than ${limitBytes} bytes`);
}

export function tooMany(field: string, actual: number, limit: number): FieldError {
  const items = limit === 1 ? 'item' : 'items';
  return error('FieldValueTooMany', field, 'Too many', actual, `must have at most ${limit} ${items}`);
}

/** Refuses a number below zero; absent numbers are fine. */
export function nonNegative(field: string, value: number | undefined | null): FieldError[] {
  return (value ?? 0) < 0 ? [invalid(field, value, 'must be greater than or equal to 0')] : [];
}

/** Refuses a value outside a closed set; the empty text is a missing value. */
export function oneOf(field: string, value: string | undefined, supported: readonly string[]): FieldError[] {
  if (!value) return [required(field)];
  return supported.includes(value) ? [] : [notSupported(field, value, supported)];
}

/**
 * The server prints some values as its own structures: members with a capital, in their order, null where nothing is
 * set.
 */
export function goStructure(value: object, members: readonly string[]): object {
  const given = value as Readonly<Record<string, unknown>>;
  const shown = members.map((member) => [`${member.charAt(0).toUpperCase()}${member.slice(1)}`, given[member] ?? null]);
  return Object.assign(Object.create(structure), Object.fromEntries(shown));
}

/** Prototype of what is printed in its own order. */
const structure = {};

export const immutableMessage = 'field is immutable';
