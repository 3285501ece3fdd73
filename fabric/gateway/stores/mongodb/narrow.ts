/**
 * What of a filter is left to the database: conditions on scalar fields, about which every server that speaks MongoDB's
 * protocol agrees. The narrowed filter never leaves out a document that the whole one would take; `isExact` says that
 * it takes no other either, so that a limit can be left to the database. The rest is judged as in the embedded store,
 * so that both mean the same.
 */
import { isPlain } from '../matching.ts';
import type { Filter } from '../store.ts';

export interface Narrowed {
  readonly filter: Readonly<Record<string, unknown>>;
  readonly isExact: boolean;
}

const OPERATORS = new Set(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin', '$exists']);

export function narrow(filter: Filter, scalars: ReadonlySet<string>): Narrowed {
  return all(Object.entries(filter).map(([field, condition]) => narrowMember(field, condition, scalars)));
}

const undecided: Narrowed = { filter: {}, isExact: false };

function narrowMember(field: string, condition: unknown, scalars: ReadonlySet<string>): Narrowed {
  if (field === '$and' && Array.isArray(condition)) {
    return all(condition.map((part) => (isPlain(part) ? narrow(part, scalars) : undecided)));
  }
  if (!scalars.has(field)) return undecided;
  if (isScalar(condition)) return { filter: { [field]: { $eq: condition } }, isExact: true };
  if (!isPlain(condition)) return undecided;
  const known = Object.entries(condition).filter(([operator, value]) => OPERATORS.has(operator) && isOperand(value));
  const filter = known.length === 0 ? {} : { [field]: Object.fromEntries(known) };
  return { filter, isExact: known.length > 0 && known.length === Object.keys(condition).length };
}

function all(parts: readonly Narrowed[]): Narrowed {
  const kept = parts.map((part) => part.filter).filter((part) => Object.keys(part).length > 0);
  return { filter: kept.length === 0 ? {} : { $and: kept }, isExact: parts.every((part) => part.isExact) };
}

function isOperand(value: unknown): boolean {
  return isScalar(value) || (Array.isArray(value) && value.every(isScalar));
}

function isScalar(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
