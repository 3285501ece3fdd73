/** Passing a request on to managed content, and its answer back: bodies stream in both directions. */
import { type HttpContext, sendHead, sendStream } from '../http/index.ts';
import { problems } from './errors.ts';
import { causeOf } from './logs/content-log.ts';
import type { Gateway } from './settings.ts';

const requestHeaders = ['content-type', 'x-content-ttl', 'range', 'if-range', 'if-none-match'];
const responseHeaders = [
  'content-type',
  'content-length',
  'content-range',
  'accept-ranges',
  'etag',
  'last-modified',
  'expires',
];

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
      throw problems.contentAway(error instanceof Error ? `${error.message}${causeOf(error)}` : String(error));
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
