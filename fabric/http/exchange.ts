/**
 * Hono under the World's HttpHandler, for the gateway and managed content. Routing, parameters and queries are Hono's;
 * answers are written straight to the World's response (`reply.ts`), so that a stream of any size goes out with
 * back-pressure and in constant memory, and a JSON answer costs no web stream.
 */
import { type Context, Hono } from 'hono';
import type { HttpHandler, HttpRequest, HttpResponse } from '../../world/network.ts';
import { pathOf } from './path.ts';

/** What a route finds in `context.env`. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
}

interface HttpEnvironment {
  Bindings: Exchange;
}

export type HttpContext = Context<HttpEnvironment>;
export type Routes = Hono<HttpEnvironment>;

/** Returned by a route whose answer has been written to `context.env.response`. */
export const answered = new Response(null);

/** Routes whose path segments are decoded after the match only, so that a name may hold `%2F` (contract 2.4). */
export function createRoutes(): Routes {
  return new Hono<HttpEnvironment>({ getPath: (request) => pathOf(request.url) });
}

/** The handler to listen with. What a route returns without having written it is sent whole. */
export function handlerOf(routes: Routes): HttpHandler {
  return async (request, response) => {
    const answer = await routes.fetch(requestView(request), { request, response });
    if (!response.headWritten) await sendWhole(answer, response);
  };
}

/** The members of a fetch Request that Hono's router reads; the body stays with the exchange. */
function requestView(request: HttpRequest): Request {
  const view = {
    method: request.method,
    url: `http://host${request.url}`,
    headers: { get: (name: string) => request.headers[name.toLowerCase()] ?? null },
  };
  return view as unknown as Request;
}

async function sendWhole(answer: Response, response: HttpResponse): Promise<void> {
  const body = new Uint8Array(await answer.arrayBuffer());
  response.head(answer.status, { ...Object.fromEntries(answer.headers), 'content-length': String(body.byteLength) });
  response.end(body);
}
