/**
 * JSON values, and the four things that patches and schemas do with them all the time.
 */
import { setMember } from '../../../world/members.ts';

export { setMember };

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [member: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member of that name, undefined when the object has none of its own. */
export function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

export function clone<T extends Json>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => clone(item)) as T;
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const name of Object.keys(value)) setMember(copy, name, clone(value[name] ?? null));
  return copy as T;
}

/** Deep equality; the order of members means nothing. */
export function equal(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((item, index) => equal(item, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && equal(one[name], other[name]))
  );
}

/** Orders text by code point, as Go orders strings by byte. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0;
  const shorter = Math.min(one.length, other.length);
  for (let index = 0; index < shorter; index += 1) {
    const left = one.charCodeAt(index);
    const right = other.charCodeAt(index);
    // Halves of a pair stand for code points behind all that are written by one unit.
    if (left !== right) return left + (isHalf(left) ? 0x10000 : 0) - right - (isHalf(right) ? 0x10000 : 0);
  }
  return one.length - other.length;
}

function isHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** Members in code point order: the order in which Go writes a map. */
export function sortedNames(object: object): string[] {
  return Object.keys(object).sort(compareText);
}
