/**
 * Filters and sorts as MongoDB means them, on documents in memory. Operators that run code or expressions are left out.
 */
import { Context } from 'mingo/core';
import {
  $all,
  $and,
  $bitsAllClear,
  $bitsAllSet,
  $bitsAnyClear,
  $bitsAnySet,
  $elemMatch,
  $eq,
  $exists,
  $gt,
  $gte,
  $in,
  $lt,
  $lte,
  $mod,
  $ne,
  $nin,
  $nor,
  $not,
  $or,
  $regex,
  $size,
  $type,
} from 'mingo/operators/query';
import { Query as MingoQuery } from 'mingo/query';
import { compare } from 'mingo/util';
import { Pattern } from '../../../patterns/re2.ts';
import { filterPattern } from './pattern.ts';
import { type Document, type Filter, FilterError, type Query, type Stored } from './store.ts';

/**
 * What `$regex` and `$options` become before the filter is read, so that the language's own engine never sees a
 * client's pattern.
 */
const patternOperator = '$matchesPattern';

const matchesPattern: typeof $regex = (selector, value, options) => {
  if (!(value instanceof Pattern)) throw new Error(`unknown query operator ${patternOperator}`);
  // Of a regular expression, the operator asks only what it finds.
  const exec = (text: string) => (value.test(text) ? [text] : null);
  return $regex(selector, { exec }, options);
};

const query = {
  $all,
  $and,
  $bitsAllClear,
  $bitsAllSet,
  $bitsAnyClear,
  $bitsAnySet,
  $elemMatch,
  $eq,
  $exists,
  $gt,
  $gte,
  $in,
  $lt,
  $lte,
  $mod,
  $ne,
  $nin,
  $nor,
  $not,
  $or,
  [patternOperator]: matchesPattern,
  $size,
  $type,
};
const context = Context.init({ query });

/** The filter as a function; FilterError when it is none. */
export function matcherOf(filter: Filter): (document: Document) => boolean {
  try {
    const compiled = new MingoQuery(withPatterns(filter), { context });
    return (document) => compiled.test(document as Record<string, never>);
  } catch (error) {
    throw new FilterError(filter, error instanceof Error ? error.message : String(error));
  }
}

/** Operators whose operand is compared as it is. */
const LITERAL = new Set(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$in', '$nin']);

function withPatterns(filter: Filter): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(filter).map(([name, condition]) => [name, LITERAL.has(name) ? condition : conditionOf(condition)]),
  );
}

function conditionOf(condition: unknown): unknown {
  if (Array.isArray(condition)) return condition.map(conditionOf);
  if (!isPlain(condition)) return condition;
  const { $regex: pattern, $options: options, ...others } = condition;
  if (!Object.hasOwn(condition, '$regex')) {
    if (Object.hasOwn(condition, '$options')) throw new Error('$options needs a $regex');
    return withPatterns(condition);
  }
  return { ...withPatterns(others), [patternOperator]: filterPattern(pattern, options) };
}

/** Sorts by the query's fields, then by id in the direction of the first. */
export function sortStored<T extends Document>(found: Stored<T>[], sort: Query['sort'] = {}): Stored<T>[] {
  const fields = Object.entries(sort);
  const idDirection = fields[0]?.[1] ?? 1;
  return found.sort((left, right) => {
    for (const [field, direction] of fields) {
      const order = compare(fieldOf(left.document, field), fieldOf(right.document, field));
      if (order !== 0) return order * direction;
    }
    return (left.id < right.id ? -1 : Number(left.id > right.id)) * idDirection;
  });
}

/** Missing and null sort alike, before everything else. */
function fieldOf(document: Document, field: string): unknown {
  return (document as Record<string, unknown>)[field] ?? null;
}

/** Without members that hold nothing: a filter tells missing from undefined. */
export function definedMembers(document: object): Document {
  return Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
}

/** What a query finds among documents in memory. */
export function findIn<T extends Document>(documents: readonly Stored<T>[], asked: Query): Stored<T>[] {
  const matches = matcherOf(asked.filter ?? {});
  const found = sortStored(
    documents.filter(({ document }) => matches(document)),
    asked.sort,
  );
  const skip = asked.skip ?? 0;
  return found.slice(skip, asked.limit === undefined ? undefined : skip + asked.limit);
}

/** An object whose members are operators or filters: no list, no null, no regular expression. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RegExp);
}
