/** Filters and sorts as MongoDB means them, on documents in memory. Operators that run code or expressions are left out. */
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
import { type Document, type Filter, FilterError, type Query, type Stored } from './store.ts';

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
  $regex,
  $size,
  $type,
};
const context = Context.init({ query });

/** The filter as a function; FilterError when it is none. */
export function matcherOf(filter: Filter): (document: Document) => boolean {
  try {
    const compiled = new MingoQuery(filter, { context });
    return (document) => compiled.test(document as Record<string, never>);
  } catch (error) {
    throw new FilterError(filter, error instanceof Error ? error.message : String(error));
  }
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
