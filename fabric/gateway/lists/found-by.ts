/** A list as a request asks for it. */
import type { HttpContext } from '../../http/index.ts';
import { problems } from '../errors.ts';
import { FilterError, type Query } from '../stores/store.ts';
import { type ListedKind, listQuery } from './list-query.ts';

/** What `find` gives for the request's filter, sort, limit and skip. Throws the Problem `invalid-query`. */
export async function foundBy<T>(
  context: HttpContext,
  kind: ListedKind,
  find: (query: Query) => Promise<T[]>,
): Promise<T[]> {
  const [filter, sort, limit, skip] = ['filter', 'sort', 'limit', 'skip'].map((name) => context.req.query(name));
  const query = listQuery(kind, { filter, sort, limit, skip });
  return refusingFilters(() => find(query));
}

/** A filter that the store does not take is the Problem `invalid-query`. */
export async function refusingFilters<T>(find: () => Promise<T>): Promise<T> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const path = ['query', 'filter'];
    throw problems.invalidQuery([{ type: 'filter', name: 'filter', path, message: error.message }]);
  }
}
