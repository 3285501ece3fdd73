/** Answers on the wire: objects, Status bodies, warnings. */
import type { HttpResponse } from '../../../world/network.ts';
import { ApiError } from '../errors.ts';
import { jsonOf } from '../storage/entry.ts';
import { warningHeaders } from './warnings.ts';
import { yamlText } from './yaml.ts';

export interface Exchange {
  readonly response: HttpResponse;
  readonly media: 'json' | 'yaml';
  readonly pretty: boolean;
  readonly retryAfterSeconds?: number;
  /** Texts for Warning headers, in order. */
  readonly warnings: string[];
}

/** At once, or in parts that are sent as one. */
export type Body = Buffer | readonly Buffer[];

const contentTypes = { json: 'application/json', yaml: 'application/yaml' } as const;

/** Sends an object; `json` is its text if it is at hand. */
export function sendObject(exchange: Exchange, status: number, object: object, json?: Body): void {
  if (exchange.media === 'yaml') send(exchange, status, contentTypes.yaml, Buffer.from(yamlText(object)));
  else if (exchange.pretty) {
    send(exchange, status, contentTypes.json, Buffer.from(`${JSON.stringify(object, null, 2)}\n`));
  } else send(exchange, status, contentTypes.json, json ?? textOf(object));
}

/** What is frozen comes from the store: its text serves watches as well. */
function textOf(object: object): Buffer {
  return Object.isFrozen(object) ? jsonOf(object) : Buffer.from(JSON.stringify(object));
}

/** Sends bytes as they are. */
export function send(exchange: Exchange, status: number, contentType: string, body: Body): void {
  exchange.response.head(status, headersOf(exchange, contentType, lengthOf(body)));
  exchange.response.end(body);
}

/** Bytes. */
export function lengthOf(body: Body): number {
  return Buffer.isBuffer(body) ? body.length : body.reduce((total, part) => total + part.length, 0);
}

function headersOf(exchange: Exchange, contentType: string, length: number): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {
    'content-type': contentType,
    'content-length': String(length),
    'cache-control': 'no-cache, private',
  };
  if (exchange.retryAfterSeconds !== undefined) headers['retry-after'] = String(exchange.retryAfterSeconds);
  const warnings = warningHeaders(exchange.warnings);
  if (warnings.length > 0) headers.warning = warnings;
  return headers;
}

/** A Status for a refusal; for any other error 500 with its message. */
export function sendError(exchange: Exchange, error: unknown): void {
  const refusal =
    error instanceof ApiError
      ? error
      : new ApiError(
          500,
          'InternalError',
          `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
        );
  if (exchange.response.headWritten) exchange.response.reset();
  else {
    const seconds = refusal.status.details?.retryAfterSeconds;
    sendObject(seconds ? { ...exchange, retryAfterSeconds: seconds } : exchange, refusal.code, refusal.status);
  }
}

/** Plain text, as for paths that nothing serves. */
export function sendText(exchange: Exchange, status: number, text: string): void {
  send(exchange, status, 'text/plain; charset=utf-8', Buffer.from(text));
}
