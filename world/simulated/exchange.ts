/**
 * One request and its response on the simulated network: from the client's dispatch handler to the server's HttpHandler
 * and back. Chunks arrive in the order in which they were written, all of them, or the client hears of an error.
 */
import { STATUS_CODES } from 'node:http';
import type { Dispatcher } from 'undici';
import { ConnectionError, type HttpHandler } from '../network.ts';
import { ClientController, type ClientExchange } from './client-side.ts';
import { type HeaderFields, statusHandler } from './http-messages.ts';
import type { Kernel } from './kernel.ts';
import { never } from './life.ts';
import type { Link, Party, Registration } from './link.ts';
import { type RequestBody, requestBody } from './request-body.ts';
import { type ServerExchange, ServerRequest, ServerResponse } from './server-side.ts';
import { bodyHash } from './trace.ts';
import { NoWayOutError } from './way-out.ts';

/** A connection attempt into a partition gives up after this long, as undici's own connect timeout does. */
const CONNECT_TIMEOUT_MS = 10_000;
/** What the client's side holds unread before `write` asks the server to wait. */
const WINDOW_BYTES = 65_536;

export interface ExchangeOptions {
  readonly id: number;
  readonly kernel: Kernel;
  readonly link: Link;
  readonly options: Dispatcher.DispatchOptions;
  readonly handler: Dispatcher.DispatchHandler;
  /** Who takes it, or why nobody does. */
  readonly server: (address: string) => Registration | ConnectionError;
  /** Neither side will hear of this exchange any more. */
  readonly onClosed: (exchange: Exchange) => void;
}

type Part =
  | { readonly kind: 'head'; readonly status: number; readonly headers: HeaderFields }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'end' };

export class Exchange implements ServerExchange, ClientExchange {
  readonly id: number;
  readonly link: Link;
  readonly method: string;
  readonly path: string;
  readonly rawRequestHeaders: Dispatcher.DispatchOptions['headers'];
  readonly body: RequestBody;
  /** Address of the listener that took it, once it has arrived. */
  servedAt: string | undefined;
  readonly #kernel: Kernel;
  readonly #options: ExchangeOptions;
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #controller = new ClientController(this);
  /** Written by the server, not yet taken by the client. */
  readonly #parts: Part[] = [];
  #heldBytes = 0;
  readonly #writersWaiting: (() => void)[] = [];
  /** What cannot get through before a partition heals. */
  readonly #stalled: (() => void)[] = [];
  #isDelivering = false;
  /** The part at the head of the queue that a slow link has let through. */
  #transferred: Part | undefined;
  #isTransferring = false;
  /** The client has heard its last of this exchange. */
  #isDone = false;
  #serverIsGone = false;
  #responseIsLost = false;
  #server: Party | undefined;
  #request: ServerRequest | undefined;

  constructor(options: ExchangeOptions) {
    this.id = options.id;
    this.link = options.link;
    this.method = options.options.method;
    this.path = options.options.path;
    this.rawRequestHeaders = options.options.headers;
    this.body = requestBody(options.options.body);
    this.#options = options;
    this.#kernel = options.kernel;
    this.#handler = options.handler;
  }

  /** Sends the request; it arrives after the link's latency, or at once if it comes from outside the simulation. */
  start(fromOutside: boolean): void {
    const { id, method, path, link } = this;
    this.#kernel.stir();
    const at = this.#kernel.now();
    this.#kernel.trace.record({ type: 'request', at, id, from: link.client.name, to: link.address, method, path });
    this.#handler.onRequestStart?.(this.#controller, {});
    if (this.#isDone) return;
    if (fromOutside) this.#arrive();
    else this.#travel();
  }

  /** Breaks the connection as both sides see it, whatever stands between them. */
  break(code: ConnectionError['code'], message: string): void {
    if (this.#isDone || this.#serverIsGone) return;
    this.#loseServer();
    this.#failSoon(new ConnectionError(code, message));
  }

  /** The server's end is no more: the client hears of it when the network lets it through. */
  serverGone(message: string): void {
    if (this.#isDone || this.#serverIsGone) return;
    this.#loseServer();
    this.#whenPassable(() => this.#failSoon(new ConnectionError('ECONNRESET', message)));
  }

  reset(): void {
    this.serverGone(`${this.link.address} reset the connection`);
  }

  /** The client was killed: it sees nothing any more, the server sees it go. */
  abandon(): void {
    if (this.#isDone) return;
    this.#finish();
    this.#whenPassable(() => this.#tellServer());
  }

  abortedByClient(reason: Error): void {
    if (this.#isDone) return;
    this.#fail(reason);
    this.#whenPassable(() => this.#tellServer());
  }

  bodyFailed(error: unknown): void {
    this.abortedByClient(error instanceof Error ? error : new Error(String(error)));
  }

  arrived(chunk: Buffer): void {
    this.#kernel.stir();
    this.#recordArrival(chunk);
  }

  passage(bytes: number): Promise<void> | undefined {
    if (this.link.faults.length === 0) return undefined;
    return new Promise((resolve) => {
      this.#kernel.after(this.link.transferMs(bytes), () => this.#whenPassable(resolve));
    });
  }

  pushHead(status: number, headers: HeaderFields): void {
    this.#push({ kind: 'head', status, headers });
  }

  pushData(bytes: Buffer): boolean {
    if (this.#isDone || this.#serverIsGone) return true;
    this.#heldBytes += bytes.length;
    this.#push({ kind: 'data', bytes });
    return this.#heldBytes < WINDOW_BYTES;
  }

  pushEnd(): void {
    this.#push({ kind: 'end' });
  }

  drained(): Promise<void> {
    if (this.#server && !this.#server.life.isAlive) return never();
    if (this.#isDone || this.#serverIsGone || this.#heldBytes < WINDOW_BYTES) return Promise.resolve();
    return new Promise((resolve) => {
      this.#writersWaiting.push(resolve);
    });
  }

  /** Delivers what waits, as far as the client takes it and no fault holds it back. */
  flush(): void {
    if (this.link.isPartitioned) return;
    if (this.#stalled.length > 0) for (const action of this.#stalled.splice(0)) action();
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    while (!this.#isDone && !this.#controller.paused && !this.link.isPartitioned) {
      const part = this.#parts[0];
      if (!part || !this.#isThrough(part)) break;
      this.#parts.shift();
      this.#deliver(part);
    }
    this.#isDelivering = false;
    if (this.#heldBytes < WINDOW_BYTES) this.#releaseWriters();
    this.#closeIfOver();
  }

  #travel(): void {
    this.#kernel.after(this.link.latencyMs(), () => this.#arrive());
  }

  #arrive(): void {
    if (this.#isDone || this.#serverIsGone) return;
    const { link } = this;
    if (link.isPartitioned) return this.#waitForConnection();
    for (const fault of link.faults) {
      if (fault.kind === 'refuse') return this.break('ECONNREFUSED', `connect ${link.address}`);
      if (fault.kind !== 'loss' || !link.chance(fault.probability)) continue;
      if (fault.side === 'request') return this.break('ECONNRESET', `connection to ${link.address} lost`);
      this.#responseIsLost = true;
    }
    const server = this.#options.server(link.address);
    if (server instanceof ConnectionError) return this.break(server.code, server.message);
    this.#server = server.owner;
    this.servedAt = server.address;
    this.#recordArrival(this.body.kind === 'whole' && this.body.bytes.length > 0 ? this.body.bytes : undefined);
    const status = link.faults.find((fault) => fault.kind === 'status');
    this.#request = new ServerRequest(this, server.owner.life);
    void this.#serve(status ? statusHandler(status) : server.handler, this.#request, new ServerResponse(this));
  }

  /** As TCP does, the connection is tried again until it times out: it comes about if the partition heals before. */
  #waitForConnection(): void {
    const timeout = this.#kernel.after(CONNECT_TIMEOUT_MS, () =>
      this.break('ETIMEDOUT', `no answer from ${this.link.address} within ${CONNECT_TIMEOUT_MS} ms`),
    );
    this.#whenPassable(() => {
      timeout.cancel();
      if (!this.#isDone) this.#travel();
    });
  }

  async #serve(handler: HttpHandler, request: ServerRequest, response: ServerResponse): Promise<void> {
    try {
      await handler(request, response);
    } catch (error) {
      if (this.#isDone || this.#serverIsGone) return;
      if (error instanceof NoWayOutError) return this.break(error.code, error.message);
      if (response.headWritten) return response.reset();
      response.head(500, { 'content-type': 'text/plain' });
      response.end(error instanceof Error ? error.message : String(error));
    }
  }

  #push(part: Part): void {
    if (this.#isDone || this.#serverIsGone) return;
    this.#kernel.stir();
    if (this.#responseIsLost) return this.break('ECONNRESET', `the answer of ${this.link.address} was lost`);
    this.#parts.push(part);
    this.flush();
  }

  /** Whether a part has got through a slow link; if not, it is on its way and the rest waits behind it. */
  #isThrough(part: Part): boolean {
    if (this.#isTransferring) return false;
    if (part.kind !== 'data' || part === this.#transferred) return true;
    const transferMs = this.link.transferMs(part.bytes.length);
    if (transferMs === 0) return true;
    this.#isTransferring = true;
    this.#kernel.after(transferMs, () => {
      this.#isTransferring = false;
      this.#transferred = part;
      this.flush();
    });
    return false;
  }

  #deliver(part: Part): void {
    const { id } = this;
    const { trace } = this.#kernel;
    const at = this.#kernel.now();
    this.#kernel.stir();
    try {
      switch (part.kind) {
        case 'head':
          trace.record({ type: 'response', at, id, status: part.status });
          this.#controller.fields = part.headers;
          this.#handler.onResponseStarted?.();
          this.#handler.onResponseStart?.(this.#controller, part.status, part.headers, STATUS_CODES[part.status] ?? '');
          return;
        case 'data':
          this.#heldBytes -= part.bytes.length;
          trace.record({ type: 'chunk', at, id, bytes: part.bytes.length, hash: bodyHash(part.bytes) });
          this.#handler.onResponseData?.(this.#controller, part.bytes);
          return;
        case 'end':
          trace.record({ type: 'end', at, id });
          this.#finish();
          this.#handler.onResponseEnd?.(this.#controller, {});
      }
    } catch (error) {
      // As undici has it: the client's own error ends its request, it is not the server's.
      this.abortedByClient(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #recordArrival(bytes: Buffer | undefined): void {
    const facts = bytes ? { bytes: bytes.length, hash: bodyHash(bytes) } : {};
    this.#kernel.trace.record({ type: 'arrival', at: this.#kernel.now(), id: this.id, ...facts });
  }

  /** Runs the action now, or when a partition has healed. */
  #whenPassable(action: () => void): void {
    if (this.link.isPartitioned) {
      this.#stalled.push(action);
    } else {
      action();
      this.#closeIfOver();
    }
  }

  #releaseWriters(): void {
    if (this.#server && !this.#server.life.isAlive) return;
    for (const resolve of this.#writersWaiting.splice(0)) resolve();
  }

  #tellServer(): void {
    this.#request?.lose(new ConnectionError('ECONNRESET', 'the client has gone'));
    this.#releaseWriters();
  }

  /** Nothing that the server writes counts any more. */
  #loseServer(): void {
    this.#serverIsGone = true;
    this.#parts.length = 0;
    this.#tellServer();
  }

  /**
   * A broken connection is an event of its own: undici's `fetch` never settles when the error comes in the same breath
   * as the response's head.
   */
  #failSoon(error: Error): void {
    this.#kernel.after(0, () => {
      if (this.#isDone) return;
      this.#fail(error);
      this.#closeIfOver();
    });
  }

  #fail(error: Error): void {
    this.#kernel.trace.record({ type: 'failure', at: this.#kernel.now(), id: this.id, error: String(error) });
    this.#kernel.stir();
    this.#finish();
    if (this.link.client.life.isAlive) this.#handler.onResponseError?.(this.#controller, error);
  }

  #finish(): void {
    this.#isDone = true;
    this.#parts.length = 0;
    this.#releaseWriters();
  }

  #closeIfOver(): void {
    if (this.#isDone && this.#stalled.length === 0) this.#options.onClosed(this);
  }
}
