/** HTTP messages between undici's shapes (header lists of three kinds) and the World's. */
import type { Dispatcher } from 'undici';
import { type HttpHandler, InvalidHeaderError, isHeaderValue } from '../network.ts';

/** Names in lower case; a repeated name has a list. */
export type HeaderFields = Record<string, string | string[]>;

export function statusHandler(fault: { readonly status: number; readonly retryAfterSeconds?: number }): HttpHandler {
  return (_request, response) => {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (fault.retryAfterSeconds !== undefined) headers['retry-after'] = String(fault.retryAfterSeconds);
    response.head(fault.status, headers);
    response.end(JSON.stringify({ success: false, message: `fault: answers ${fault.status}`, code: fault.status }));
  };
}

/** A request's headers as a handler reads them: names in lower case, repeated ones joined. */
export function flatHeaders(headers: Dispatcher.DispatchOptions['headers']): Record<string, string> {
  // Without a prototype: a header may be called `constructor`.
  const flat: Record<string, string> = Object.create(null);
  const add = (name: string, value: string | readonly string[] | undefined) => {
    if (value === undefined) return;
    const text = typeof value === 'string' ? value : value.join(', ');
    const key = name.toLowerCase();
    const present = flat[key];
    flat[key] = present === undefined ? text : `${present}, ${text}`;
  };
  if (!headers) return flat;
  if (Array.isArray(headers)) {
    for (let index = 0; index < headers.length; index += 2) add(String(headers[index]), String(headers[index + 1]));
  } else if (Symbol.iterator in headers) {
    for (const [name, value] of headers) add(name, value);
  } else {
    for (const [name, value] of Object.entries(headers)) add(name, typeof value === 'number' ? String(value) : value);
  }
  return flat;
}

/**
 * A response's headers as a client reads them. Throws InvalidHeaderError, as a real server would not send them either.
 */
export function headerFields(headers: Readonly<Record<string, string | readonly string[]>>): HeaderFields {
  const fields: HeaderFields = {};
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined) continue;
    for (const text of typeof value === 'string' ? [value] : value) {
      if (!isHeaderValue(text)) throw new InvalidHeaderError(name, text);
    }
    fields[name.toLowerCase()] = typeof value === 'string' ? value : [...value];
  }
  return fields;
}

/** Names and values in turn as bytes, as undici's `fetch` reads them. */
export function rawHeaders(fields: HeaderFields): Buffer[] {
  const raw: Buffer[] = [];
  for (const [name, value] of Object.entries(fields)) {
    for (const text of typeof value === 'string' ? [value] : value)
      raw.push(Buffer.from(name), Buffer.from(text, 'latin1'));
  }
  return raw;
}
