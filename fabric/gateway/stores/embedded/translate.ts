/**
 * What of a filter SQLite can decide. The condition never leaves out a document that the filter would take; `isExact` says that it takes
 * no other either, so that a limit can be left to the database.
 */
import { isPlain } from '../matching.ts';
import type { Filter } from '../store.ts';

export type SqlValue = string | number | null;

export interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
  readonly isExact: boolean;
}

const comparisons: Readonly<Record<string, string>> = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' };
const always: Condition = { sql: '1', values: [], isExact: true };
const undecided: Condition = { sql: '1', values: [], isExact: false };

/** The field's value in SQL, word for word as in the indexes. */
export function fieldSql(field: string): string {
  return `json_extract(document, '$."${field}"')`;
}

export function translate(filter: Filter, scalars: ReadonlySet<string>): Condition {
  return all(Object.entries(filter).map(([field, condition]) => translateMember(field, condition, scalars)));
}

function translateMember(field: string, condition: unknown, scalars: ReadonlySet<string>): Condition {
  if (field === '$and' && Array.isArray(condition)) {
    return all(condition.map((part) => (isPlain(part) ? translate(part, scalars) : undecided)));
  }
  if (!scalars.has(field)) return undecided;
  if (isPlain(condition)) {
    return all(Object.entries(condition).map(([operator, value]) => translateOperator(field, operator, value)));
  }
  return equals(field, condition);
}

function equals(field: string, value: unknown): Condition {
  const sql = fieldSql(field);
  if (value === null) return { sql: `${sql} IS NULL`, values: [], isExact: true };
  if (typeof value === 'string') return { sql: `${sql} = ?`, values: [value], isExact: true };
  // True and 1 are one value to SQLite.
  if (typeof value === 'number') return { sql: `${sql} = ?`, values: [value], isExact: value !== 0 && value !== 1 };
  if (typeof value === 'boolean') return { sql: `${sql} = ?`, values: [Number(value)], isExact: false };
  return undecided;
}

function translateOperator(field: string, operator: string, value: unknown): Condition {
  if (operator === '$eq') return equals(field, value);
  if (operator === '$in' && Array.isArray(value)) return oneOf(field, value);
  const comparison = comparisons[operator];
  if (comparison === undefined || (typeof value !== 'string' && typeof value !== 'number')) return undecided;
  // SQLite orders numbers before texts, MongoDB keeps them apart: the filter judges once more.
  return { sql: `${fieldSql(field)} ${comparison} ?`, values: [value], isExact: false };
}

function oneOf(field: string, values: readonly unknown[]): Condition {
  const parts = values.map((value) => equals(field, value));
  if (parts.length === 0) return { sql: '0', values: [], isExact: true };
  if (parts.some((part) => part === undecided)) return undecided;
  return {
    sql: `(${parts.map((part) => part.sql).join(' OR ')})`,
    values: parts.flatMap((part) => part.values),
    isExact: parts.every((part) => part.isExact),
  };
}

function all(parts: readonly Condition[]): Condition {
  if (parts.length === 0) return always;
  return {
    sql: parts.map((part) => part.sql).join(' AND '),
    values: parts.flatMap((part) => part.values),
    isExact: parts.every((part) => part.isExact),
  };
}
