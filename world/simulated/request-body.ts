/** The body of a request on its way from the client to the handler, in the shapes in which undici hands it on. */
import { BodyTooLargeError, type HttpRequest } from '../network.ts';

/** What a request may carry: nothing, bytes that are all there, or bytes that come as the server takes them. */
export type RequestBody =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'stream'; readonly chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string> }
  /** A request that came in by a real socket. */
  | { readonly kind: 'visitor'; readonly request: HttpRequest };

const EMPTY: RequestBody = { kind: 'whole', bytes: Buffer.alloc(0) };

/** Marks the request behind a visitor's body, so that it is read with its own means. */
export class VisitorBody {
  readonly request: HttpRequest;

  constructor(request: HttpRequest) {
    this.request = request;
  }
}

export function requestBody(body: unknown): RequestBody {
  if (body === null || body === undefined) return EMPTY;
  if (typeof body === 'string') return { kind: 'whole', bytes: Buffer.from(body) };
  if (body instanceof Uint8Array) {
    // A copy: the client may use its buffer again while the request is under way.
    return { kind: 'whole', bytes: Buffer.from(body) };
  }
  if (body instanceof ArrayBuffer) return { kind: 'whole', bytes: Buffer.from(body) };
  if (body instanceof VisitorBody) return { kind: 'visitor', request: body.request };
  if (typeof body === 'object' && (Symbol.asyncIterator in body || Symbol.iterator in body)) {
    return { kind: 'stream', chunks: body as AsyncIterable<Uint8Array> };
  }
  throw new TypeError('the simulated network carries text, bytes and streams as request bodies');
}

/** All bytes of the stream in one piece; BodyTooLargeError beyond the limit. */
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
