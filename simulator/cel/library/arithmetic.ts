/** Operators on numbers, texts, lists, times: `+ - * / % < == in` and their like. Source: cel-go common/stdlib. */
import { fn, type Overload } from '../check/declarations.ts';
import { type Budget, sizeOf, traversal } from '../cost.ts';
import { EvaluationError } from '../errors.ts';
import { compare, equal, wayOf } from '../values/compare.ts';
import {
  type CelMap,
  type Duration,
  INT_MAX,
  INT_MIN,
  isList,
  type List,
  type Timestamp,
  UINT_MAX,
  Uint,
  type Value,
} from '../values/value.ts';
import { durationIn, timestampIn } from './time-text.ts';

export function intIn(value: bigint): bigint {
  if (value < INT_MIN || value > INT_MAX) throw new EvaluationError('integer overflow');
  return value;
}

export function uintIn(value: bigint): Uint {
  if (value < 0n || value > UINT_MAX) throw new EvaluationError('unsigned integer overflow');
  return new Uint(value);
}

/** An operator on two values of one number type. */
function onNumbers(
  name: string,
  whole: ((one: bigint, other: bigint) => bigint) | undefined,
  double: ((one: number, other: number) => number) | undefined,
): Overload[] {
  const overloads: Overload[] = [];
  if (double) {
    overloads.push(fn(name, 'double, double -> double', ([a, b]) => double(a as number, b as number)));
  }
  if (whole) {
    overloads.push(
      fn(name, 'int, int -> int', ([a, b]) => intIn(whole(a as bigint, b as bigint))),
      fn(name, 'uint, uint -> uint', ([a, b]) => uintIn(whole((a as Uint).value, (b as Uint).value))),
    );
  }
  return overloads;
}

function divided(one: bigint, other: bigint): bigint {
  if (other === 0n) throw new EvaluationError('division by zero');
  return one / other;
}

function remainder(one: bigint, other: bigint): bigint {
  if (other === 0n) throw new EvaluationError('modulus by zero');
  return one % other;
}

const nanoseconds = (value: Value | undefined): bigint => (value as Timestamp | Duration).nanoseconds;
const bothTraversed = ([one = null, other = null]: readonly Value[]): number => traversal(sizeOf(one) + sizeOf(other));
const shorterTraversed = ([one = null, other = null]: readonly Value[]): number =>
  traversal(Math.min(sizeOf(one), sizeOf(other)));

const addition: Overload[] = [
  fn(
    '_+_',
    'bytes, bytes -> bytes',
    ([a, b], budget) => {
      budget.work((a as Uint8Array).length + (b as Uint8Array).length);
      return new Uint8Array(Buffer.concat([a as Uint8Array, b as Uint8Array]));
    },
    bothTraversed,
  ),
  ...onNumbers(
    '_+_',
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  fn('_+_', 'duration, duration -> duration', ([a, b]) => durationIn(nanoseconds(a) + nanoseconds(b))),
  fn('_+_', 'duration, timestamp -> timestamp', ([a, b]) => timestampIn(nanoseconds(a) + nanoseconds(b))),
  fn('_+_', 'timestamp, duration -> timestamp', ([a, b]) => timestampIn(nanoseconds(a) + nanoseconds(b))),
  fn('_+_', 'list<A>, list<A> -> list<A>', ([a, b], budget) => joined(a as List, b as List, budget)),
  fn(
    '_+_',
    'string, string -> string',
    ([a, b], budget) => {
      budget.work((a as string).length + (b as string).length);
      return `${a}${b}`;
    },
    bothTraversed,
  ),
];

/** Sets and keyed lists of schemas are joined in their own way. */
function joined(one: List, other: List, budget: Budget): Value {
  const way = wayOf(one);
  budget.work(way ? one.length * other.length : one.length + other.length);
  return way ? way.joined(other) : [...one, ...other];
}

const subtraction: Overload[] = [
  ...onNumbers(
    '_-_',
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  fn('_-_', 'duration, duration -> duration', ([a, b]) => durationIn(nanoseconds(a) - nanoseconds(b))),
  fn('_-_', 'timestamp, duration -> timestamp', ([a, b]) => timestampIn(nanoseconds(a) - nanoseconds(b))),
  fn('_-_', 'timestamp, timestamp -> duration', ([a, b]) => durationIn(nanoseconds(a) - nanoseconds(b))),
];

const comparable = ['bool', 'string', 'bytes', 'timestamp', 'duration'];
const numbers = ['int', 'uint', 'double'];

function ordering(name: string, holds: (order: number) => boolean): Overload[] {
  const pairs = [
    ...comparable.map((type) => [type, type]),
    ...numbers.flatMap((one) => numbers.map((other) => [one, other])),
  ];
  return pairs.map(([one, other]) =>
    fn(
      name,
      `${one}, ${other} -> bool`,
      ([a = null, b = null]) => holds(compare(a, b)),
      one === 'string' || one === 'bytes' ? shorterTraversed : undefined,
    ),
  );
}

function equalityCost(args: readonly Value[]): number {
  return Math.max(1, shorterTraversed(args));
}

const comparison: Overload[] = [
  ...ordering('_<_', (order) => order < 0),
  ...ordering('_<=_', (order) => order <= 0),
  ...ordering('_>_', (order) => order > 0),
  ...ordering('_>=_', (order) => order >= 0),
  fn('_==_', 'A, A -> bool', ([a = null, b = null], budget) => equal(a, b, budget), equalityCost),
  fn('_!=_', 'A, A -> bool', ([a = null, b = null], budget) => !equal(a, b, budget), equalityCost),
];

/** Declared for the checker; the evaluator knows them itself. */
const known: Overload[] = [
  fn('_?_:_', 'bool, A, A -> A', () => null),
  fn('_&&_', 'bool, bool -> bool', () => null),
  fn('_||_', 'bool, bool -> bool', () => null),
  fn('@not_strictly_false', 'bool -> bool', () => null),
  fn('_[_]', 'list<A>, int -> A', () => null),
  fn('_[_]', 'map<A, B>, A -> B', () => null),
  fn('cel.@mapInsert', 'map<K, V>, map<K, V> -> map<K, V>', () => null),
  fn('cel.@mapInsert', 'map<K, V>, K, V -> map<K, V>', () => null),
];

export const operators: readonly Overload[] = [
  ...known,
  ...addition,
  ...subtraction,
  ...comparison,
  ...onNumbers(
    '_*_',
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  ...onNumbers('_/_', divided, (a, b) => a / b),
  ...onNumbers('_%_', remainder, undefined),
  fn('-_', 'double -> double', ([a]) => -(a as number)),
  fn('-_', 'int -> int', ([a]) => intIn(-(a as bigint))),
  fn('!_', 'bool -> bool', ([a]) => !(a as boolean)),
  fn(
    '@in',
    'A, list<A> -> bool',
    ([item = null, list = []], budget) => isList(list) && list.some((one) => equal(one, item, budget)),
    ([, list = []]) => Math.max(1, sizeOf(list)),
  ),
  fn('@in', 'A, map<A, B> -> bool', ([key = null, map]) => (map as CelMap).has(key)),
];
