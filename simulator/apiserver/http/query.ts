/** Query parameters, checked as the server checks them. */
import { parseGoInteger } from '../../go/integer.ts';
import { badRequest } from '../errors.ts';

export type Query = URLSearchParams;

const none = new URLSearchParams();

/** Path and query of a request's URL. */
export function splitUrl(url: string): { path: string; query: Query } {
  const mark = url.indexOf('?');
  if (mark === -1) return { path: url, query: none };
  return { path: url.slice(0, mark), query: new URLSearchParams(readable(url.slice(mark + 1))) };
}

/** Go leaves out parameters with a semicolon, or with an escape that is none. (Upstream: net/url, parseQuery.) */
function readable(query: string): string {
  const isUnreadable = /;|%(?![0-9a-f]{2})/i;
  if (!isUnreadable.test(query)) return query;
  return query
    .split('&')
    .filter((parameter) => !isUnreadable.test(parameter))
    .join('&');
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

/** 400 when it is no whole number of 64 bits. */
export function integerOf(query: Query, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = parseGoInteger(text);
  if (typeof value === 'bigint') return Number(value);
  throw badRequest(value.problem);
}
