/**
 * Equality and order of values: numbers of all types are compared by what they are, other types never equal each other.
 */

import { sameType } from '../check/types.ts';
import type { Budget } from '../cost.ts';
import { EvaluationError, noSuchOverload } from '../errors.ts';
import {
  CelMap,
  Duration,
  isList,
  type List,
  Opaque,
  Optional,
  Structure,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from './value.ts';

export function equal(one: Value, other: Value, budget: Budget): boolean {
  budget.work(1);
  if (isNumber(one) && isNumber(other)) return compareNumbers(one, other) === 0;
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (isList(one)) return isList(other) && equalLists(one, other, budget);
  if (one instanceof CelMap) return other instanceof CelMap && equalMaps(one, other, budget);
  if (one instanceof Uint8Array) return other instanceof Uint8Array && Buffer.compare(one, other) === 0;
  if (one instanceof Timestamp) return other instanceof Timestamp && one.nanoseconds === other.nanoseconds;
  if (one instanceof Duration) return other instanceof Duration && one.nanoseconds === other.nanoseconds;
  if (one instanceof Optional) return other instanceof Optional && equalOptionals(one, other, budget);
  if (one instanceof TypeValue) return other instanceof TypeValue && sameName(one, other);
  if (one instanceof Structure) return other instanceof Structure && one.equals(other);
  return one instanceof Opaque && other instanceof Opaque && sameType(one.type, other.type) && one.equals(other);
}

function sameName(one: TypeValue, other: TypeValue): boolean {
  return one.type.name === other.type.name;
}

function equalOptionals(one: Optional, other: Optional, budget: Budget): boolean {
  if (one.value === undefined || other.value === undefined) return one.value === other.value;
  return equal(one.value, other.value, budget);
}

/** A list that compares in its own way: the lists of schemas that are sets or have keys. */
export interface OrderFree {
  equalsList(other: List): boolean;
  /** What `+` makes of the two. */
  joined(other: List): List;
}

const orderFree = new WeakMap<List, OrderFree>();

/** From now on the list is compared in that way. */
export function compareAs(list: List, way: OrderFree): List {
  orderFree.set(list, way);
  return list;
}

/** How the list is compared, when not item by item. */
export function wayOf(list: List): OrderFree | undefined {
  return orderFree.get(list);
}

function equalLists(one: List, other: List, budget: Budget): boolean {
  const way = orderFree.get(one) ?? orderFree.get(other);
  if (way !== undefined) {
    budget.work(one.length * other.length);
    return orderFree.has(one) ? way.equalsList(other) : way.equalsList(one);
  }
  return one.length === other.length && one.every((item, index) => equal(item, other[index] ?? null, budget));
}

function equalMaps(one: CelMap, other: CelMap, budget: Budget): boolean {
  if (one.size !== other.size) return false;
  return one.entries().every(([key, value]) => {
    const found = other.get(key);
    return found !== undefined && equal(value, found, budget);
  });
}

export function isNumber(value: Value): value is bigint | number | Uint {
  return typeof value === 'bigint' || typeof value === 'number' || value instanceof Uint;
}

/** NaN has no order. A whole number and a double are compared as doubles, as upstream does, with its loss. */
function compareNumbers(one: bigint | number | Uint, other: bigint | number | Uint): number {
  const [left, right] = [one instanceof Uint ? one.value : one, other instanceof Uint ? other.value : other];
  if (typeof left === 'bigint' && typeof right === 'bigint') return left < right ? -1 : Number(left > right);
  const [first, second] = [Number(left), Number(right)];
  if (Number.isNaN(first) || Number.isNaN(second)) return Number.NaN;
  return first < second ? -1 : Number(first > second);
}

/** -1, 0 or 1. Throws EvaluationError for what has no order. */
export function compare(one: Value, other: Value): number {
  if (isNumber(one) && isNumber(other)) {
    const order = compareNumbers(one, other);
    if (Number.isNaN(order)) throw new EvaluationError('NaN values cannot be ordered');
    return order;
  }
  if (typeof one === 'string' && typeof other === 'string') return compareTexts(one, other);
  if (typeof one === 'boolean' && typeof other === 'boolean') return Number(one) - Number(other);
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Math.sign(Buffer.compare(one, other));
  if (one instanceof Timestamp && other instanceof Timestamp) return order(one.nanoseconds, other.nanoseconds);
  if (one instanceof Duration && other instanceof Duration) return order(one.nanoseconds, other.nanoseconds);
  throw noSuchOverload();
}

function order(one: bigint, other: bigint): number {
  return one < other ? -1 : Number(one > other);
}

/** By characters, as UTF-8 is ordered: the language compares by UTF-16's units. */
function compareTexts(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index += 1) {
    if (one.charCodeAt(index) !== other.charCodeAt(index)) {
      return Math.sign((one.codePointAt(index) ?? 0) - (other.codePointAt(index) ?? 0));
    }
  }
  return Math.sign(one.length - other.length);
}
