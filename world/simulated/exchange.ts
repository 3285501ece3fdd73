/**
 * One request and its response on the simulated network: from the client's dispatch handler to the server's HttpHandler and
 * back. Chunks arrive in the order in which they were written.
 */
import type { Dispatcher } from 'undici';
import { ConnectionError, type HttpHandler, type HttpRequest, type HttpResponse } from '../network.ts';
import type { NetworkFault } from './faults.ts';
import { collect, flatHeaders, headersObject, rawHeaders, requestBody, statusHandler } from './http-messages.ts';
import type { Kernel } from './kernel.ts';
import { bodyHash } from './trace.ts';

/** A connection attempt into a partition gives up after this long, as undici's own connect timeout does. */
const CONNECT_TIMEOUT_MS = 10_000;
/** What the client's side holds unread before `write` asks the server to wait. */
const WINDOW_BYTES = 65_536;

export interface Party {
  readonly name: string;
  readonly isCut: boolean;
}

export interface ExchangeOptions {
  readonly id: number;
  readonly kernel: Kernel;
  readonly client: Party;
  readonly address: string;
  readonly options: Dispatcher.DispatchOptions;
  readonly handler: Dispatcher.DispatchHandler;
  readonly server: () => { readonly handler: HttpHandler; readonly owner: Party } | undefined;
  readonly faults: (address: string) => NetworkFault[];
  readonly latencyMs: () => number;
  /** A number in [0, 1) from the seed. */
  readonly chance: () => number;
  readonly onDone: () => void;
}

type Part =
  | { readonly kind: 'head'; readonly status: number; readonly headers: readonly string[] }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'end' };

export class Exchange {
  readonly address: string;
  readonly clientName: string;
  readonly #o: ExchangeOptions;
  readonly #kernel: Kernel;
  readonly #gone = new AbortController();
  readonly #controller: ClientController;
  /** Written by the server, not yet taken by the client. */
  #parts: Part[] = [];
  #heldBytes = 0;
  #waiting: (() => void)[] = [];
  #delivering = false;
  #headWritten = false;
  #ended = false;
  #done = false;
  #responseLost = false;
  #server: Party | undefined;

  constructor(options: ExchangeOptions) {
    this.#o = options;
    this.#kernel = options.kernel;
    this.address = options.address;
    this.clientName = options.client.name;
    this.#controller = new ClientController(
      (reason) => this.#abortedByClient(reason),
      () => this.flush(),
    );
  }

  start(): void {
    const { id, kernel, options, handler } = this.#o;
    kernel.stir();
    kernel.trace.record({
      type: 'request',
      at: kernel.now(),
      id,
      from: this.clientName,
      to: this.address,
      method: options.method,
      path: options.path,
    });
    handler.onRequestStart?.(this.#controller, {});
    if (this.#done) return;
    kernel.after(this.#o.latencyMs(), () => this.#arrive());
  }

  /** Breaks the connection as both sides see it. */
  cut(code: ConnectionError['code'], message: string): void {
    if (this.#done) return;
    this.#fail(new ConnectionError(code, message));
    this.#tellServer();
  }

  /** The client was killed: it sees nothing any more, the server sees it go. */
  abandon(): void {
    if (this.#done) return;
    this.#finish();
    this.#tellServer();
  }

  /** Delivers what waits, as far as the client takes it and no fault holds it back. */
  flush(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    while (this.#parts.length > 0 && !this.#controller.paused && !this.#done) {
      const faults = this.#o.faults(this.address);
      if (faults.some((fault) => fault.kind === 'partition')) break;
      const part = this.#parts.shift() as Part;
      const slow = faults.find((fault) => fault.kind === 'slow-body');
      if (slow && part.kind === 'data')
        return this.#deliverLater(part, (part.bytes.length / slow.bytesPerSecond) * 1000);
      this.#deliver(part);
    }
    this.#delivering = false;
    if (this.#heldBytes < WINDOW_BYTES) this.#releaseWriters();
  }

  /** `#delivering` stays set meanwhile, so that nothing overtakes the part. */
  #deliverLater(part: Part, delayMs: number): void {
    this.#kernel.after(Math.ceil(delayMs), () => {
      this.#delivering = false;
      if (this.#done) return;
      this.#deliver(part);
      this.flush();
    });
  }

  #arrive(): void {
    if (this.#done) return;
    const faults = this.#o.faults(this.address);
    if (faults.some((fault) => fault.kind === 'partition')) {
      this.#kernel.after(CONNECT_TIMEOUT_MS, () => this.cut('ETIMEDOUT', `no answer from ${this.address}`));
      return;
    }
    for (const fault of faults) {
      if (fault.kind === 'refuse') return this.cut('ECONNREFUSED', `connect ${this.address}`);
      if (fault.kind === 'loss' && this.#o.chance() < fault.probability) {
        if (fault.side === 'request') return this.cut('ECONNRESET', `connection to ${this.address} lost`);
        this.#responseLost = true;
      }
    }
    const server = this.#o.server();
    if (!server) return this.cut('ECONNREFUSED', `connect ${this.address}: nobody listens there`);
    this.#server = server.owner;
    const status = faults.find((fault) => fault.kind === 'status');
    const handler: HttpHandler = status ? statusHandler(status) : server.handler;
    const request = this.#request();
    const response = this.#response();
    void this.#handle(handler, request, response);
  }

  async #handle(handler: HttpHandler, request: HttpRequest, response: HttpResponse): Promise<void> {
    try {
      await handler(request, response);
    } catch (error) {
      if (this.#done) return;
      if (this.#headWritten) return response.reset();
      response.head(500, { 'content-type': 'text/plain' });
      response.end(String(error));
    }
  }

  #request(): HttpRequest {
    const { options } = this.#o;
    const { id } = this.#o;
    const record = (bytes?: Buffer) =>
      this.#kernel.trace.record({
        type: 'arrival',
        at: this.#kernel.now(),
        id,
        ...(bytes ? { bytes: bytes.length, hash: bodyHash(bytes) } : {}),
      });
    if (options.body === null || options.body === undefined) record();
    const stream = requestBody(options.body, this.#kernel, record, this.#gone.signal);
    return {
      method: options.method,
      url: options.path,
      headers: flatHeaders(options.headers),
      stream,
      signal: this.#gone.signal,
      bytes: (limitBytes) => collect(stream, limitBytes),
    };
  }

  #response(): HttpResponse {
    const exchange = this;
    return {
      get headWritten() {
        return exchange.#headWritten;
      },
      head: (status, headers) => {
        if (this.#headWritten) throw new Error(`the response to request ${this.#o.id} has its head already`);
        this.#headWritten = true;
        this.#push({ kind: 'head', status, headers: rawHeaders(headers) });
      },
      write: (chunk) => this.#write(chunk),
      drained: () => this.#drained(),
      end: (chunk) => {
        if (chunk !== undefined && chunk.length > 0) this.#write(chunk);
        this.#ended = true;
        this.#push({ kind: 'end' });
      },
      reset: () => this.cut('ECONNRESET', `${this.address} reset the connection`),
    };
  }

  #write(chunk: Uint8Array | string): boolean {
    if (this.#done || this.#ended) return true;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk);
    this.#heldBytes += bytes.length;
    this.#push({ kind: 'data', bytes });
    return this.#heldBytes < WINDOW_BYTES;
  }

  #push(part: Part): void {
    if (this.#done) return;
    this.#kernel.stir();
    if (this.#responseLost) {
      this.cut('ECONNRESET', `the answer of ${this.address} was lost`);
      return;
    }
    this.#parts.push(part);
    this.flush();
  }

  #drained(): Promise<void> {
    if (this.#done || this.#heldBytes < WINDOW_BYTES) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #releaseWriters(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #deliver(part: Part): void {
    const { handler, id } = this.#o;
    const at = this.#kernel.now();
    this.#kernel.stir();
    switch (part.kind) {
      case 'head': {
        this.#kernel.trace.record({ type: 'response', at, id, status: part.status });
        this.#controller.rawHeaders = part.headers.map((text) => Buffer.from(text, 'latin1'));
        handler.onResponseStarted?.();
        handler.onResponseStart?.(this.#controller, part.status, headersObject(part.headers));
        return;
      }
      case 'data':
        this.#heldBytes -= part.bytes.length;
        this.#kernel.trace.record({ type: 'chunk', at, id, bytes: part.bytes.length, hash: bodyHash(part.bytes) });
        handler.onResponseData?.(this.#controller, part.bytes);
        return;
      case 'end':
        this.#kernel.trace.record({ type: 'end', at, id });
        this.#finish();
        handler.onResponseEnd?.(this.#controller, {});
    }
  }

  /** A server that was killed hears of nothing any more. */
  #tellServer(): void {
    if (!this.#server?.isCut) this.#gone.abort(new ConnectionError('ECONNRESET', 'the client has gone'));
  }

  #abortedByClient(reason: Error): void {
    if (this.#done) return;
    this.#fail(reason);
    this.#tellServer();
  }

  #fail(error: Error): void {
    const { handler, id, kernel } = this.#o;
    kernel.trace.record({ type: 'failure', at: kernel.now(), id, error: String(error) });
    kernel.stir();
    this.#finish();
    if (!this.#o.client.isCut) handler.onResponseError?.(this.#controller, error);
  }

  #finish(): void {
    this.#done = true;
    this.#parts = [];
    this.#releaseWriters();
    this.#o.onDone();
  }
}

/** undici's view of the connection: the client pauses, resumes and aborts through it. */
class ClientController implements Dispatcher.DispatchController {
  rawHeaders: Buffer[] = [];
  aborted = false;
  paused = false;
  reason: Error | null = null;
  readonly rawTrailers = null;
  readonly #onAbort: (reason: Error) => void;
  readonly #onResume: () => void;

  constructor(onAbort: (reason: Error) => void, onResume: () => void) {
    this.#onAbort = onAbort;
    this.#onResume = onResume;
  }

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.#onAbort(reason);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.#onResume();
  }
}
