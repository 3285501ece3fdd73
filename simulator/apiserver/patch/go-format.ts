/**
 * How Go prints decoded JSON with its `%v` verb: messages of the API server quote values that way.
 */
import type { Json } from '../schema/json.ts';
import { isObject, sortedNames } from '../schema/json.ts';

/** `map[a:1 b:[x y]]`; null is `<nil>`. */
export function goText(value: Json | undefined): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (isObject(value)) {
    return `map[${sortedNames(value)
      .map((name) => `${name}:${goText(value[name])}`)
      .join(' ')}]`;
  }
  return typeof value === 'number' ? goNumber(value) : String(value);
}

/** Go's shortest form of a float: an exponent below 1e-4 and from 1e21 on, with two digits at least. */
export function goNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value);
  if (value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e21)) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}
