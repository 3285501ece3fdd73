/**
 * Functions on lists: Kubernetes' own, the extension `lists` at version 3, and `sets`. Source: Kubernetes'
 * cel/library/lists.go, cel-go ext.
 */
import { fn, method, type Overload } from '../check/declarations.ts';
import { type Budget, sizeOf } from '../cost.ts';
import { EvaluationError } from '../errors.ts';
import { compare, equal } from '../values/compare.ts';
import { Duration, isList, type List, Uint, type Value } from '../values/value.ts';
import { intIn, uintIn } from './arithmetic.ts';
import { durationIn } from './time-text.ts';

const itemsCost = ([list = []]: readonly Value[]): number => listTraversal(list as List);

/** Each item, and what is in it. */
function listTraversal(list: List): number {
  let cost = 0;
  for (const item of list) cost += typeof item === 'string' || item instanceof Uint8Array ? 1 + sizeOf(item) * 0.1 : 1;
  return Math.ceil(cost);
}

const LIST_COST = 10;
const outputCost = (_args: readonly Value[], result: Value): number => 1 + LIST_COST + sizeOf(result);

/** Each item compared with each other. */
function squareCost(list: List): number {
  const factor = typeof list[0] === 'string' || list[0] instanceof Uint8Array ? 2.1 : 2;
  return 1 + LIST_COST + Math.ceil(list.length ** 2 * factor);
}

function extreme(list: List, name: 'min' | 'max'): Value {
  const [first, ...others] = list;
  if (first === undefined) throw new EvaluationError(`${name} called on empty list`);
  const sign = name === 'min' ? -1 : 1;
  return others.reduce((best, item) => (compare(item, best) * sign > 0 ? item : best), first);
}

function isSorted(list: List): boolean {
  return list.every((item, index) => index === 0 || compare(list[index - 1] ?? item, item) <= 0);
}

function sorted(list: List, keys: List, budget: Budget): Value {
  if (keys.length !== list.length) throw new EvaluationError('as many keys as items are needed');
  budget.work(list.length * 20);
  const pairs = list.map((item, index) => ({ item, key: keys[index] ?? null }));
  return pairs.sort((one, other) => compare(one.key, other.key)).map(({ item }) => item);
}

const comparable = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'];

const orders: Overload[] = comparable.flatMap((type) => [
  method('isSorted', `list<${type}> -> bool`, ([list]) => isSorted(list as List), itemsCost),
  method('max', `list<${type}> -> ${type}`, ([list]) => extreme(list as List, 'max'), itemsCost),
  method('min', `list<${type}> -> ${type}`, ([list]) => extreme(list as List, 'min'), itemsCost),
  method(
    'sort',
    `list<${type}> -> list<${type}>`,
    ([list], budget) => sorted(list as List, list as List, budget),
    ([list]) => squareCost(list as List),
  ),
  method(
    '@sortByAssociatedKeys',
    `list<T>, list<${type}> -> list<T>`,
    ([list, keys], budget) => sorted(list as List, keys as List, budget),
    ([, keys]) => squareCost(keys as List),
  ),
]);

const sums: Overload[] = [
  method(
    'sum',
    'list<int> -> int',
    ([list]) => (list as bigint[]).reduce((sum, item) => intIn(sum + item), 0n),
    itemsCost,
  ),
  method(
    'sum',
    'list<uint> -> uint',
    ([list]) => (list as Uint[]).reduce((sum, item) => uintIn(sum.value + item.value), new Uint(0n)),
    itemsCost,
  ),
  method(
    'sum',
    'list<double> -> double',
    ([list]) => (list as number[]).reduce((sum, item) => sum + item, 0),
    itemsCost,
  ),
  method(
    'sum',
    'list<duration> -> duration',
    ([list]) =>
      (list as Duration[]).reduce((sum, item) => durationIn(sum.nanoseconds + item.nanoseconds), new Duration(0n)),
    itemsCost,
  ),
];

function slice(list: List, start: bigint, end: bigint): Value {
  const refuse = (why: string): EvaluationError => new EvaluationError(`cannot slice(${start}, ${end}), ${why}`);
  if (start < 0n || end < 0n) throw refuse('negative indexes not supported');
  if (start > end) throw refuse('start index must be less than or equal to end index');
  if (end > list.length) throw refuse(`list is length ${list.length}`);
  return list.slice(Number(start), Number(end));
}

function flatten(list: List, depth: bigint, budget: Budget): Value[] {
  if (depth < 0n) throw new EvaluationError('level must be non-negative');
  budget.work(list.length);
  return list.flatMap((item) => (depth === 0n || !isList(item) ? [item] : flatten(item, depth - 1n, budget)));
}

function range(count: bigint, budget: Budget): Value {
  budget.work(Number(count));
  return Array.from({ length: Math.max(0, Number(count)) }, (_, index) => BigInt(index));
}

function distinct(list: List, budget: Budget): Value {
  const found: Value[] = [];
  for (const item of list) if (!found.some((known) => equal(known, item, budget))) found.push(item);
  return found;
}

function containsAll(list: List, parts: List, budget: Budget): boolean {
  return parts.every((part) => list.some((item) => equal(item, part, budget)));
}

const pairsCost =
  (factor: number) =>
  ([one = [], other = []]: readonly Value[]): number =>
    1 + sizeOf(one) * sizeOf(other) * factor;

export const lists: readonly Overload[] = [
  ...orders,
  ...sums,
  method(
    'indexOf',
    'list<A>, A -> int',
    ([list, item = null], budget) => BigInt((list as List).findIndex((one) => equal(one, item, budget))),
    itemsCost,
  ),
  method(
    'lastIndexOf',
    'list<A>, A -> int',
    ([list, item = null], budget) => BigInt((list as List).findLastIndex((one) => equal(one, item, budget))),
    itemsCost,
  ),
  method(
    'slice',
    'list<T>, int, int -> list<T>',
    ([list, start, end]) => slice(list as List, start as bigint, end as bigint),
    outputCost,
  ),
  method(
    'flatten',
    'list<list<T>> -> list<T>',
    ([list], budget) => flatten(list as List, 1n, budget),
    ([list = []]) => 1 + LIST_COST + sizeOf(list),
  ),
  method(
    'flatten',
    'list<dyn>, int -> list<dyn>',
    ([list, depth], budget) => flatten(list as List, depth as bigint, budget),
    ([list = [], depth]) => 1 + LIST_COST + sizeOf(list) * Number(depth),
  ),
  fn('lists.range', 'int -> list<int>', ([count], budget) => range(count as bigint, budget), outputCost),
  method('reverse', 'list<T> -> list<T>', ([list]) => [...(list as List)].reverse(), outputCost),
  method(
    'distinct',
    'list<T> -> list<T>',
    ([list], budget) => distinct(list as List, budget),
    ([list]) => squareCost(list as List),
  ),
];

export const sets: readonly Overload[] = [
  fn(
    'sets.contains',
    'list<T>, list<T> -> bool',
    ([list, parts], budget) => containsAll(list as List, parts as List, budget),
    pairsCost(1),
  ),
  fn(
    'sets.equivalent',
    'list<T>, list<T> -> bool',
    ([one, other], budget) =>
      containsAll(one as List, other as List, budget) && containsAll(other as List, one as List, budget),
    pairsCost(2),
  ),
  fn(
    'sets.intersects',
    'list<T>, list<T> -> bool',
    ([one, other], budget) => (one as List).some((item) => (other as List).some((part) => equal(item, part, budget))),
    pairsCost(1),
  ),
];
