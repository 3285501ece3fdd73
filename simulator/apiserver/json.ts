/**
 * Plain JSON values inside the API server: copied at the border, frozen in the store, compared without regard to order
 * of keys.
 */
import type { ObjectMeta, UnknownObject } from '../../kubernetes/objects.ts';
import { ownMember, setMember } from '../../world/members.ts';

export { ownMember, setMember };

export type Json = null | boolean | number | string | Json[] | { [member: string]: Json };

export type JsonObject = { [member: string]: Json };

/** An object as the server holds it: type and metadata are always there. */
export type ApiObject = UnknownObject & { apiVersion: string; kind: string; metadata: ObjectMeta };

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member if it is an object, else an empty one. */
export function recordAt(value: unknown, member: string): Record<string, unknown> {
  const found = isRecord(value) ? ownMember(value, member) : undefined;
  return isRecord(found) ? found : {};
}

/** The member if it is a list, else an empty one. */
export function listAt(value: unknown, member: string): unknown[] {
  const found = isRecord(value) ? ownMember(value, member) : undefined;
  return Array.isArray(found) ? found : [];
}

/** The member if it is text, else empty text. */
export function textAt(value: unknown, member: string): string {
  const found = isRecord(value) ? ownMember(value, member) : undefined;
  return typeof found === 'string' ? found : '';
}

/** A deep copy that shares nothing; members that are undefined are left out, as JSON does. */
export function copyJson<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : copy(item)));
  const result: Record<string, unknown> = {};
  for (const [member, inner] of Object.entries(value)) if (inner !== undefined) setMember(result, member, copy(inner));
  return result;
}

/** Frozen values with a member that is null, or with such a value in them. */
const nullHolders = new WeakSet<object>();

/** Freezes the value and all in it; stops at what is frozen already, so that shared parts cost nothing. */
export function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    const isList = Array.isArray(value);
    for (const inner of Object.values(value)) {
      if (typeof inner !== 'object') continue;
      if (inner !== null) freezeDeep(inner);
      // Nulls in lists are none of a member.
      if (inner === null ? !isList : nullHolders.has(inner)) nullHolders.add(value);
    }
  }
  return value;
}

/** True if anything in the value, which `freezeDeep` has frozen, has a member that is null. */
export function holdsNull(value: object): boolean {
  return nullHolders.has(value);
}

/** Same JSON, whatever the order of keys; a member that is undefined counts as missing. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => sameJson(item, right[index]));
  }
  return sameMembers(left as Record<string, unknown>, right as Record<string, unknown>);
}

function sameMembers(left: Record<string, unknown>, right: Record<string, unknown>): boolean {
  let count = 0;
  for (const [member, value] of Object.entries(left)) {
    if (value === undefined) continue;
    count++;
    if (!Object.hasOwn(right, member) || !sameJson(value, right[member])) return false;
  }
  for (const value of Object.values(right)) if (value !== undefined) count--;
  return count === 0;
}
