/**
 * The network as a World gives it: HTTP servers and clients. The real one uses sockets; the simulated one carries each
 * request in process to the handler that listens under that host name.
 */
import type { Dispatcher, fetch as undiciFetch } from 'undici';

/** What a client may say about TLS; the simulated network ignores it. */
export interface ClientTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized?: boolean;
}

export interface ServerTls {
  readonly cert: string;
  readonly key: string;
}

/** Whether connections may go to that IP address. */
export type AddressJudge = (address: string) => boolean;

export interface Network {
  /**
   * `fetch` of undici (the built-in one cannot use undici 8's dispatchers). Has no deadline of its own: pass a signal
   * from `deadlineSignal`.
   */
  readonly fetch: typeof undiciFetch;
  /** The dispatcher behind `fetch`, for libraries that take one (`@kubernetes/client-node`). */
  dispatcher(tls?: ClientTls): Dispatcher;
  /**
   * A dispatcher for URLs that somebody else has written, to be given to `fetch`: connects to addresses alone that
   * `isAllowed` lets pass. A name is resolved just before, and the connection goes to the very address that was judged,
   * so that a name cannot mean another one meanwhile (DNS rebinding). Addresses that stand in the URL are the caller's
   * to judge.
   */
  guardedDispatcher(isAllowed: AddressJudge): Dispatcher;
  /**
   * Serves HTTP under `address`, `host:port`. Port 0 picks a free one. In a simulation any host name may be taken;
   * a taken address is an AddressInUseError.
   */
  listen(address: string, handler: HttpHandler, options?: { readonly tls?: ServerTls }): Promise<Listener>;
  /**
   * Opens a connection to `host:port` and closes it: resolves when somebody listens there, else rejects with a
   * ConnectionError.
   */
  connect(address: string): Promise<void>;
}

export interface Listener {
  /** `http://host:port` or `https://host:port`. */
  readonly url: string;
  /** Stops listening and resets what is still open. */
  close(): Promise<void>;
}

/** Handles one request. A rejection or throw before the head was written is answered with 500, later it resets. */
export type HttpHandler = (request: HttpRequest, response: HttpResponse) => void | Promise<void>;

export interface HttpRequest {
  readonly method: string;
  /** Path and query as sent, still encoded: `/api/v1/pods?limit=5`. Of a whole URL its host stands in `headers`. */
  readonly url: string;
  /** Names in lower case; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it arrives. Read at most once, by this or by `bytes`. */
  readonly stream: AsyncIterable<Buffer>;
  /** The whole body; BodyTooLargeError when it exceeds `limitBytes`. */
  bytes(limitBytes: number): Promise<Buffer>;
  /** Aborted when the client has gone before the response ended. */
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly headWritten: boolean;
  /** Throws, and nothing is written, when a value cannot stand in a header: see `isHeaderValue`. */
  head(status: number, headers: Readonly<Record<string, string | readonly string[]>>): void;
  /** False when the client is slower than the writer: await `drained` before writing more. */
  write(chunk: Uint8Array | string): boolean;
  /** Resolves when there is room again, or when the client has gone. */
  drained(): Promise<void>;
  /** Parts are sent as one; they must not change any more. */
  end(body?: Uint8Array | string | readonly Uint8Array[]): void;
  /** Cuts the connection: the client sees an error, not an end. */
  reset(): void;
}

/**
 * Whether the text can be the value of a header: bytes, one a character, without control characters but the tab (RFC
 * 9110 5.5).
 */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
}

/** The text as the value of a header, in UTF-8 as Go's servers send it: a byte a character. */
export function headerText(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** A server wrote a header that cannot be sent. Said before anything is sent. */
export class InvalidHeaderError extends Error {
  override readonly name = 'InvalidHeaderError';
  readonly header: string;

  constructor(header: string, value: string) {
    super(`the value of the header ${header} cannot be sent: ${JSON.stringify(value.slice(0, 80))}`);
    this.header = header;
  }
}

/** A name leads to an address to which no connection may go. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
  readonly code = 'EACCES';

  constructor(host: string, address: string) {
    super(`${host} leads to ${address}, to which no connection may go`);
  }
}

export class AddressInUseError extends Error {
  override readonly name = 'AddressInUseError';
  readonly address: string;

  constructor(address: string) {
    super(`address ${address} is in use: stop what listens there or choose another port`);
    this.address = address;
  }
}

export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
  readonly limitBytes: number;

  constructor(limitBytes: number) {
    super(`request body is larger than ${limitBytes} bytes`);
    this.limitBytes = limitBytes;
  }
}

/** A connection that failed: refused, reset or cut. `code` is as Node.js names it. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly code: 'ECONNREFUSED' | 'ECONNRESET' | 'ENOTFOUND' | 'ETIMEDOUT';

  constructor(code: ConnectionError['code'], message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}
