/** Conversions between types, `type` and `dyn`. Source: cel-go common/stdlib, common/types. */
import { fn, type Overload } from '../check/declarations.ts';
import { sizeOf, traversal } from '../cost.ts';
import { EvaluationError } from '../errors.ts';
import { typeOfValue } from '../values/type-of.ts';
import { Duration, type Timestamp, TypeValue, Uint, type Value } from '../values/value.ts';
import { intIn, uintIn } from './arithmetic.ts';
import { goDouble } from './numbers-text.ts';
import { durationText, readDuration, readTimestamp, timestampIn, timestampText } from './time-text.ts';

const SECOND = 1_000_000_000n;
const traversed = ([value = null]: readonly Value[]): number => traversal(sizeOf(value));
const same = ([value = null]: readonly Value[]): Value => value;

/** What a text says, when it says it; else the error of a conversion from a text. */
function fromText(type: string, read: (text: string) => Value | undefined): (args: readonly Value[]) => Value {
  return ([text]) => {
    const value = read(text as string);
    if (value === undefined) throw new EvaluationError(`type conversion error from 'string' to '${type}'`);
    return value;
  };
}

function wholePart(value: number, overflow: string): bigint {
  if (!Number.isFinite(value)) throw new EvaluationError(overflow);
  return BigInt(Math.trunc(value));
}

const bools: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false] as const),
]);

function readInt(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function readUint(text: string): Uint | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  const value = BigInt(text);
  return BigInt.asUintN(64, value) === value ? new Uint(value) : undefined;
}

function readDouble(text: string): number | undefined {
  if (/^[+-]?(?:inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EvaluationError('invalid UTF-8 in bytes, cannot convert to string');
  }
}

export const conversions: readonly Overload[] = [
  fn('type', 'A -> type<A>', ([value = null]) => new TypeValue(typeOfValue(value))),
  fn('dyn', 'A -> dyn', same),
  fn('bool', 'bool -> bool', same),
  fn(
    'bool',
    'string -> bool',
    fromText('bool', (text) => bools.get(text)),
  ),
  fn('bytes', 'bytes -> bytes', same),
  fn('bytes', 'string -> bytes', ([text]) => new Uint8Array(Buffer.from(text as string)), traversed),
  fn('double', 'double -> double', same),
  fn('double', 'int -> double', ([value]) => Number(value)),
  fn('double', 'string -> double', fromText('double', readDouble)),
  fn('double', 'uint -> double', ([value]) => Number((value as Uint).value)),
  fn('duration', 'duration -> duration', same),
  fn('duration', 'int -> duration', ([value]) => new Duration(value as bigint)),
  fn('duration', 'string -> duration', fromText('google.protobuf.Duration', readDuration)),
  fn('int', 'int -> int', same),
  fn('int', 'double -> int', ([value]) => {
    // The ends are left out: not every whole number near them is a double.
    const size = Math.abs(value as number);
    if (size >= 2 ** 63) throw new EvaluationError('integer overflow');
    return intIn(wholePart(value as number, 'integer overflow'));
  }),
  fn('int', 'duration -> int', ([value]) => (value as Duration).nanoseconds),
  fn('int', 'string -> int', fromText('int', readInt)),
  fn('int', 'timestamp -> int', ([value]) => seconds(value as Timestamp)),
  fn('int', 'uint -> int', ([value]) => intIn((value as Uint).value)),
  fn('string', 'string -> string', same),
  fn('string', 'bool -> string', ([value]) => String(value)),
  fn('string', 'bytes -> string', ([value]) => utf8(value as Uint8Array), traversed),
  fn('string', 'double -> string', ([value]) => goDouble(value as number)),
  fn('string', 'duration -> string', ([value]) => durationText(value as Duration)),
  fn('string', 'int -> string', ([value]) => String(value)),
  fn('string', 'timestamp -> string', ([value]) => timestampText(value as Timestamp)),
  fn('string', 'uint -> string', ([value]) => String((value as Uint).value)),
  fn('timestamp', 'timestamp -> timestamp', same),
  fn('timestamp', 'int -> timestamp', ([value]) => timestampIn((value as bigint) * SECOND)),
  fn('timestamp', 'string -> timestamp', fromText('google.protobuf.Timestamp', readTimestamp)),
  fn('uint', 'uint -> uint', same),
  fn('uint', 'double -> uint', ([value]) => uintIn(wholePart(value as number, 'unsigned integer overflow'))),
  fn('uint', 'int -> uint', ([value]) => uintIn(value as bigint)),
  fn('uint', 'string -> uint', fromText('uint', readUint)),
];

function seconds({ nanoseconds }: Timestamp): bigint {
  const rest = ((nanoseconds % SECOND) + SECOND) % SECOND;
  return (nanoseconds - rest) / SECOND;
}
