/** Query parameters, checked as the server checks them. */
import { badRequest } from '../errors.ts';

export type Query = URLSearchParams;

const none = new URLSearchParams();

/** Path and query of a request's URL. */
export function splitUrl(url: string): { path: string; query: Query } {
  const mark = url.indexOf('?');
  if (mark === -1) return { path: url, query: none };
  return { path: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}

/** undefined when absent or empty. */
export function textOf(query: Query, name: string): string | undefined {
  return query.get(name) || undefined;
}

/** `true`, `1`, and the name alone; the word must be one that Go's parser knows. */
export function flagOf(query: Query, name: string): boolean | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  return !['false', '0'].includes(text.toLowerCase());
}

/** 400 when it is not a whole number. */
export function integerOf(query: Query, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (/^-?\d+$/.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}
