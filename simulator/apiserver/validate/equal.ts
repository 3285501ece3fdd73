/**
 * Equality as the API server's update checks mean it: what is absent, null, empty text, false, an empty list and an
 * empty map are the same, quantities are compared by value. (A zero is not absent: most numbers are pointers upstream.)
 */
import { ownMember } from '../../../world/members.ts';
import { compareQuantities, parseQuantity } from './quantity.ts';

const quantityMaps = new Set(['limits', 'requests', 'capacity', 'allocatable', 'overhead', 'hard', 'used']);

export function semanticallyEqual(a: unknown, b: unknown, member = ''): boolean {
  if (a === b || (isEmpty(a) && isEmpty(b))) return true;
  if (Array.isArray(a) && Array.isArray(b)) return equalLists(a, b);
  if (isRecord(a) && isRecord(b)) return equalRecords(a, b, member);
  return false;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  return typeof value === 'object' && Object.values(value).every((inner) => inner === undefined);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function equalLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((element, index) => semanticallyEqual(element, b[index]));
}

function equalRecords(a: Record<string, unknown>, b: Record<string, unknown>, member: string): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) {
    const [left, right] = [ownMember(a, key), ownMember(b, key)];
    if (quantityMaps.has(member) && equalQuantities(left, right)) continue;
    if (!semanticallyEqual(left, right, key)) return false;
  }
  return true;
}

function equalQuantities(a: unknown, b: unknown): boolean {
  const left = typeof a === 'string' || typeof a === 'number' ? parseQuantity(String(a)) : undefined;
  const right = typeof b === 'string' || typeof b === 'number' ? parseQuantity(String(b)) : undefined;
  return left !== undefined && right !== undefined && compareQuantities(left, right) === 0;
}
