/** Turns an answer that is not 2xx into ApiStatusError, whatever its body is. */
import { ApiStatusError } from './client.ts';
import type { ResponseHeaders } from './exchange.ts';
import type { Status } from './objects.ts';

/** A stream that ended in the middle of a message. */
export class StreamBrokenError extends Error {
  override readonly name = 'StreamBrokenError';
  readonly path: string;

  constructor(path: string) {
    super(`the stream of ${path} ended inside a message`);
    this.path = path;
  }
}

/** Reasons for bodies that are no Status, as client-go's NewGenericServerResponse gives them. */
const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Gone',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** The refusal that the answer means. A text body (a proxy's, `404 page not found`) becomes the message of a Status. */
export function refusal(code: number, headers: ResponseHeaders, body: Buffer): ApiStatusError {
  const text = body.toString('utf8');
  return new ApiStatusError(code, withRetryAfter(statusIn(text) ?? wrapped(code, text), headers));
}

/**
 * How long the server asks to wait before the request is sent again; undefined when it does not (client-go: 429 and 5xx
 * only).
 */
export function retryAfterMs(error: unknown): number | undefined {
  if (!(error instanceof ApiStatusError) || (error.code !== 429 && error.code < 500)) return undefined;
  const seconds = error.status.details?.retryAfterSeconds;
  return seconds === undefined || seconds <= 0 ? undefined : seconds * 1000;
}

function statusIn(text: string): Status | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const parsed = JSON.parse(text) as Status;
    return parsed.kind === 'Status' ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function wrapped(code: number, text: string): Status {
  const reason = reasons[code];
  const message = text.trim();
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: message === '' ? `the server answered ${code} without a text` : message,
    ...(reason === undefined ? {} : { reason }),
    code,
  };
}

function withRetryAfter(status: Status, headers: ResponseHeaders): Status {
  const seconds = Number(headers['retry-after']);
  if (!Number.isInteger(seconds) || seconds <= 0 || status.details?.retryAfterSeconds) return status;
  return { ...status, details: { ...status.details, retryAfterSeconds: seconds } };
}
