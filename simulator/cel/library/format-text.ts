/** `'%d of %s'.format([1, 'all'])`. Source: cel-go ext/formatting.go (the formats of version 2). */

import { typeText } from '../check/types.ts';
import type { Budget } from '../cost.ts';
import { EvaluationError } from '../errors.ts';
import { typeOfValue } from '../values/type-of.ts';
import { CelMap, Duration, isList, type List, Timestamp, TypeValue, Uint, type Value } from '../values/value.ts';
import { goDouble, goExponent, goFixed } from './numbers-text.ts';
import { durationText, timestampText } from './time-text.ts';

const PRECISION = 6;
/** Digits that a double can have behind the point. */
const DIGITS_MAX = 1074;

export function formatText(format: string, args: List, budget: Budget): string {
  let used = 0;
  const text = format.replace(
    /%(?:%|(?:\.(\d*))?([\s\S])?)/g,
    (whole, precision: string | undefined, clause?: string) => {
      if (whole === '%%') return '%';
      if (clause === undefined) throw new EvaluationError('unexpected end of string');
      const argument = args[used];
      if (argument === undefined) throw new EvaluationError(`index ${used} out of range`);
      used += 1;
      const part = formatted(
        clause,
        argument,
        precision === undefined ? PRECISION : Math.min(Number(precision), DIGITS_MAX),
      );
      budget.work(part.length);
      return part;
    },
  );
  return text;
}

function formatted(clause: string, value: Value, precision: number): string {
  switch (clause) {
    case 's':
      return plain(value);
    case 'd':
      if (typeof value === 'bigint' || value instanceof Uint) return plain(value);
      throw wrong('decimal clause can only be used on integers', value);
    case 'f':
      return fixed(value, 'fixed-point clause can only be used on doubles', (number) => goFixed(number, precision));
    case 'e':
      return fixed(value, 'scientific clause can only be used on doubles', (number) =>
        goExponent(number.toExponential(Math.min(precision, 100))),
      );
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      return whole(value, 'only integers and bools can be formatted as binary', 2);
    case 'x':
      return hex(value);
    case 'X':
      return hex(value).toUpperCase();
    case 'o':
      return whole(value, 'octal clause can only be used on integers', 8);
    default:
      throw new EvaluationError(`could not parse formatting clause: unrecognized formatting clause "${clause}"`);
  }
}

function wrong(rule: string, value: Value): EvaluationError {
  return new EvaluationError(`error during formatting: ${rule}, was given ${nameOf(value)}`);
}

function nameOf(value: Value): string {
  const type = typeOfValue(value);
  return type.parameters.length > 0 ? type.name : typeText(type);
}

function fixed(value: Value, rule: string, write: (value: number) => string): string {
  const known: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity, '-Infinity': -Infinity };
  const number = typeof value === 'string' && Object.hasOwn(known, value) ? known[value] : value;
  if (typeof number !== 'number') throw wrong(rule, value);
  if (Number.isNaN(number)) return 'NaN';
  if (!Number.isFinite(number)) return number > 0 ? '∞' : '-∞';
  return write(number);
}

function whole(value: Value, rule: string, radix: number): string {
  if (typeof value === 'bigint') return value.toString(radix);
  if (value instanceof Uint) return value.value.toString(radix);
  throw wrong(rule, value);
}

function hex(value: Value): string {
  if (typeof value === 'string') return Buffer.from(value).toString('hex');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return whole(value, 'only integers, byte buffers, and strings can be formatted as hex', 16);
}

/** As `%s` writes it; in lists and maps texts are quoted. */
function plain(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return goDouble(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof Duration) return durationText(value);
  return item(value);
}

function item(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof Uint) return String(value.value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return doubleItem(value);
  if (value instanceof Uint8Array) return `b${JSON.stringify(Buffer.from(value).toString('utf8'))}`;
  if (value instanceof Timestamp) return `timestamp("${timestampText(value)}")`;
  if (value instanceof Duration) return `duration("${durationText(value)}")`;
  if (value instanceof TypeValue) return typeText(value.type);
  if (isList(value)) return `[${value.map(item).join(', ')}]`;
  if (value instanceof CelMap) {
    const entries = value.entries().map(([key, inner]) => `${item(key)}:${item(inner)}`);
    return `{${entries.sort().join(', ')}}`;
  }
  throw new EvaluationError(
    `error during formatting: string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps, was given ${nameOf(value)}`,
  );
}

function doubleItem(value: number): string {
  return Number.isFinite(value) ? goFixed(value, PRECISION) : `"${goDouble(value)}"`;
}
