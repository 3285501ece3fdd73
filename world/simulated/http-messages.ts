/** HTTP messages between undici's shapes (header lists, bodies of any kind) and the World's. */
import type { Dispatcher } from 'undici';
import { BodyTooLargeError, type HttpHandler } from '../network.ts';
import type { Kernel } from './kernel.ts';

export function statusHandler(fault: { readonly status: number; readonly retryAfterSeconds?: number }): HttpHandler {
  return (_request, response) => {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (fault.retryAfterSeconds !== undefined) headers['retry-after'] = String(fault.retryAfterSeconds);
    response.head(fault.status, headers);
    response.end(JSON.stringify({ success: false, message: `fault: answers ${fault.status}`, code: fault.status }));
  };
}

export async function* requestBody(
  body: unknown,
  kernel: Kernel,
  record: (bytes: Buffer) => void,
  gone: AbortSignal,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunksOf(body)) {
    if (gone.aborted) throw gone.reason;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk);
    kernel.stir();
    record(bytes);
    yield bytes;
  }
}

function chunksOf(body: unknown): AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string> {
  if (body === null || body === undefined) return [];
  if (typeof body === 'string' || body instanceof Uint8Array) return [body];
  if (body instanceof ArrayBuffer) return [new Uint8Array(body)];
  if (typeof body === 'object' && (Symbol.asyncIterator in body || Symbol.iterator in body)) {
    return body as AsyncIterable<Uint8Array>;
  }
  throw new TypeError('the simulated network carries text, bytes and streams as request bodies');
}

export async function collect(stream: AsyncIterable<Buffer>, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of stream) {
    total += chunk.length;
    if (total > limitBytes) throw new BodyTooLargeError(limitBytes);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

export function flatHeaders(headers: Dispatcher.DispatchOptions['headers']): Record<string, string> {
  const flat: Record<string, string> = {};
  const add = (name: string, value: string | readonly string[] | undefined) => {
    if (value === undefined) return;
    const text = typeof value === 'string' ? value : value.join(', ');
    const key = name.toLowerCase();
    flat[key] = key in flat ? `${flat[key]}, ${text}` : text;
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

/** Names and values in turn, as undici's `fetch` reads them. */
export function rawHeaders(headers: Readonly<Record<string, string | readonly string[]>>): string[] {
  const raw: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    for (const text of typeof value === 'string' ? [value] : value) raw.push(name.toLowerCase(), text);
  }
  return raw;
}

export function headersObject(raw: readonly string[]): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] as string;
    const value = raw[index + 1] as string;
    const present = headers[name];
    headers[name] = present === undefined ? value : [...(Array.isArray(present) ? present : [present]), value];
  }
  return headers;
}
