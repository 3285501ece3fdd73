/** Answers, written to the World's response. */

import { DiskFullError } from '../../world/files.ts';
import type { Log } from '../../world/log.ts';
import type { HttpResponse } from '../../world/network.ts';
import { BodyTooLargeError } from '../../world/network.ts';
import { answered, type HttpContext, type Routes } from './exchange.ts';
import { Problem } from './problem.ts';

type Headers = Readonly<Record<string, string>>;

/** A JSON answer; the type is exactly `application/json`, as one client compares it (contract 0, trap 7). */
export function sendJson(context: HttpContext, body: unknown, status = 200, headers: Headers = {}): Response {
  return sendText(context, JSON.stringify(body), { 'content-type': 'application/json', ...headers }, status);
}

export function sendText(context: HttpContext, text: string, headers: Headers, status = 200): Response {
  const { request, response } = context.env;
  response.head(status, { ...headers, 'content-length': String(Buffer.byteLength(text)) });
  response.end(request.method === 'HEAD' ? undefined : text);
  return answered;
}

/** A head without a body, for HEAD and 304. */
export function sendHead(context: HttpContext, status: number, headers: Headers): Response {
  context.env.response.head(status, headers);
  context.env.response.end();
  return answered;
}

/**
 * Streams a body. A source that breaks after the head was written cuts the connection, so that the client does not take
 * half for whole; a client that has gone ends the source.
 */
export async function sendStream(
  context: HttpContext,
  source: AsyncIterable<Uint8Array>,
  headers: Headers,
  status = 200,
): Promise<Response> {
  const { request, response } = context.env;
  response.head(status, headers);
  if (request.method === 'HEAD') {
    response.end();
    return answered;
  }
  try {
    for await (const chunk of source) {
      if (request.signal.aborted) return answered;
      await writeAll(response, chunk);
    }
    response.end();
  } catch {
    response.reset();
  }
  return answered;
}

/** Writes, and waits for room when the client is slower. */
export async function writeAll(response: HttpResponse, chunk: Uint8Array | string): Promise<void> {
  if (!response.write(chunk)) await response.drained();
}

/** Answers for what routes throw, and for paths that nobody has. Internals never reach the client. */
export function answerProblems(routes: Routes, log: Log): void {
  routes.notFound((context) => {
    const { request } = context.env;
    return sendProblem(
      context,
      new Problem(404, 'no-route', `no route ${request.method} ${request.url.split('?')[0]}`),
    );
  });
  routes.onError((error, context) => {
    if (error instanceof Problem) return sendProblem(context, error);
    if (error instanceof BodyTooLargeError) {
      return sendProblem(context, new Problem(413, 'body-too-large', error.message));
    }
    if (error instanceof DiskFullError) {
      log.error('a request found the disk full', { path: error.path });
      return sendProblem(context, new Problem(507, 'disk-full', 'disk full: nothing was stored'));
    }
    log.error('a request failed inside', {
      method: context.env.request.method,
      url: context.env.request.url,
      error: error.stack ?? String(error),
    });
    return sendProblem(context, new Problem(500, 'internal', 'internal error, see the service log'));
  });
}

function sendProblem(context: HttpContext, problem: Problem): Response {
  const { response } = context.env;
  if (response.headWritten) {
    response.reset();
    return answered;
  }
  return sendJson(context, problem.body(), problem.status, problem.headers);
}
