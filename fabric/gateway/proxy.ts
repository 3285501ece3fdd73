/** Passing a request on to managed content, and its answer back: bodies stream in both directions. */
import { checksumHeaders, type HttpContext, sendHead, sendStream } from '../http/index.ts';
import { problems } from './errors.ts';
import { fetchFault } from './fetched.ts';
import type { Gateway } from './settings.ts';

const requestHeaders = [
  'content-type',
  'x-content-ttl',
  ...checksumHeaders,
  'range',
  'if-range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
];
const responseHeaders = [
  'content-type',
  'content-length',
  'content-range',
  'accept-ranges',
  'etag',
  'repr-digest',
  'last-modified',
  'expires',
];

/** The named parameters of the request's query, encoded anew, with its `?`; empty when none of them is there. */
export function pickedQuery(context: HttpContext, names: readonly string[]): string {
  const picked = new URLSearchParams();
  for (const name of names) for (const value of context.req.queries(name) ?? []) picked.append(name, value);
  return picked.size === 0 ? '' : `?${picked}`;
}

/** Sends the request to `path` of managed content. 501 without one, 502 when it does not answer. */
export async function proxyToContent(context: HttpContext, gateway: Gateway, path: string): Promise<Response> {
  if (gateway.contentUrl === undefined) throw problems.noContent();
  const { request } = context.env;
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const answer = await gateway.world.network
    .fetch(`${gateway.contentUrl}${path}`, {
      method: request.method,
      headers: pick(requestHeaders, (name) => request.headers[name]),
      signal: request.signal,
      ...(hasBody ? { body: request.stream, duplex: 'half' } : {}),
    })
    .catch((error: unknown) => {
      throw problems.contentAway(fetchFault(error));
    });
  const headers = pick(responseHeaders, (name) => answer.headers.get(name) ?? undefined);
  if (answer.body === null || request.method === 'HEAD') return sendHead(context, answer.status, headers);
  return sendStream(context, answer.body, headers, answer.status);
}

function pick(names: readonly string[], value: (name: string) => string | undefined): Record<string, string> {
  const entries = names.flatMap((name) => {
    const found = value(name);
    return found === undefined ? [] : [[name, found] as const];
  });
  return Object.fromEntries(entries);
}
