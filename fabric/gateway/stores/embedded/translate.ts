/**
 * What of a filter SQLite can decide. The condition never leaves out a document that the filter would take; `isExact`
 * says that it takes no other either, so that a limit can be left to the database.
 */
import { ownMember } from '../../../../world/members.ts';
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

/** SQLite binds no more than 32,766 values in one statement. */
const listLengthMaximum = 10_000;
/** Nor does it nest expressions deeper than 1,000, and each `AND` is one level. */
const termsMaximum = 500;

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
  const comparison = ownMember(comparisons, operator);
  if (comparison === undefined || (typeof value !== 'string' && typeof value !== 'number')) return undecided;
  // SQLite orders numbers before texts, MongoDB keeps them apart: the filter judges once more.
  return { sql: `${fieldSql(field)} ${comparison} ?`, values: [value], isExact: false };
}

/** By a list and not by `OR`s: SQLite takes a thousand of these, and a list of any length. */
function oneOf(field: string, values: readonly unknown[]): Condition {
  if (values.length === 0) return { sql: '0', values: [], isExact: true };
  if (values.length > listLengthMaximum) return undecided;
  const parts = values.map((value) => equals(field, value));
  if (parts.some((part) => part === undecided)) return undecided;
  const given = parts.flatMap((part) => part.values);
  const isIn = given.length > 0 ? [`${fieldSql(field)} IN (${given.map(() => '?').join(', ')})`] : [];
  const isNull = values.includes(null) ? [`${fieldSql(field)} IS NULL`] : [];
  return {
    sql: `(${[...isIn, ...isNull].join(' OR ')})`,
    values: given,
    isExact: parts.every((part) => part.isExact),
  };
}

/** As many as SQLite takes; the filter judges the rest once more. */
function all(parts: readonly Condition[]): Condition {
  let left = termsMaximum;
  const taken = parts.filter(({ sql }) => {
    left -= sql.split(' AND ').length;
    return left >= 0;
  });
  if (taken.length === 0) return parts.length === 0 ? always : undecided;
  return {
    sql: taken.map((part) => part.sql).join(' AND '),
    values: taken.flatMap((part) => part.values),
    isExact: taken.length === parts.length && parts.every((part) => part.isExact),
  };
}
