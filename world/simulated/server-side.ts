/** What an HttpHandler gets of an exchange on the simulated network: the request and the response. */
import { BodyTooLargeError, type HttpRequest, type HttpResponse } from '../network.ts';
import { flatHeaders, type HeaderFields, headerFields } from './http-messages.ts';
import { type Life, never } from './life.ts';
import { collect, type RequestBody } from './request-body.ts';

const CHUNK_BYTES = 65_536;

/** What the two need of their exchange. */
export interface ServerExchange {
  readonly id: number;
  readonly method: string;
  readonly path: string;
  readonly rawRequestHeaders: Parameters<typeof flatHeaders>[0];
  readonly body: RequestBody;
  /** Resolves when so many bytes of a request's body have got through the network; undefined: at once. */
  passage(bytes: number): Promise<void> | undefined;
  /** A chunk of a streamed body has arrived. */
  arrived(chunk: Buffer): void;
  /** The client's own source of the body broke. */
  bodyFailed(error: unknown): void;
  pushHead(status: number, headers: HeaderFields): void;
  /** False when the client's side holds as much unread as it should. */
  pushData(bytes: Buffer): boolean;
  pushEnd(): void;
  drained(): Promise<void>;
  reset(): void;
}

export class ServerRequest implements HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly #exchange: ServerExchange;
  readonly #life: Life;
  readonly #atLoss = new Set<(error: Error) => void>();
  #headers: Record<string, string> | undefined;
  #controller: AbortController | undefined;
  #lost: Error | undefined;

  /** `life` is the server's. */
  constructor(exchange: ServerExchange, life: Life) {
    this.#exchange = exchange;
    this.#life = life;
    this.method = exchange.method;
    this.url = exchange.path;
  }

  get headers(): Readonly<Record<string, string>> {
    this.#headers ??= flatHeaders(this.#exchange.rawRequestHeaders);
    return this.#headers;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#lost) this.#controller.abort(this.#lost);
    }
    return this.#controller.signal;
  }

  get stream(): AsyncIterable<Buffer> {
    const { body } = this.#exchange;
    if (body.kind === 'whole') return this.#pieces(body.bytes);
    if (body.kind === 'stream') return this.#chunks(body.chunks);
    return this.#life.stream(body.request.stream);
  }

  bytes(limitBytes: number): Promise<Buffer> {
    const { body } = this.#exchange;
    if (!this.#life.isAlive) return never();
    if (body.kind === 'visitor') return this.#life.promise(body.request.bytes(limitBytes));
    if (body.kind === 'stream' || this.#lost) return collect(this.stream, limitBytes);
    if (body.bytes.length > limitBytes) return Promise.reject(new BodyTooLargeError(limitBytes));
    const passage = this.#exchange.passage(body.bytes.length);
    return passage ? this.#unlessLost(passage.then(() => body.bytes)) : Promise.resolve(body.bytes);
  }

  /** The client has gone: whoever reads or listens is told. */
  lose(error: Error): void {
    if (this.#lost || !this.#life.isAlive) return;
    this.#lost = error;
    this.#controller?.abort(error);
    for (const reject of this.#atLoss) reject(error);
    this.#atLoss.clear();
  }

  async *#pieces(bytes: Buffer): AsyncGenerator<Buffer> {
    for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
      const piece = bytes.subarray(start, start + CHUNK_BYTES);
      await this.#unlessLost(this.#exchange.passage(piece.length));
      yield piece;
    }
  }

  async *#chunks(source: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>): AsyncGenerator<Buffer> {
    const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    let isComplete = false;
    try {
      for (;;) {
        const result = await this.#unlessLost(this.#next(iterator));
        isComplete = result.done === true;
        if (result.done) return;
        const chunk = Buffer.from(result.value as Uint8Array);
        await this.#unlessLost(this.#exchange.passage(chunk.length));
        this.#exchange.arrived(chunk);
        yield chunk;
      }
    } finally {
      // Not awaited: a source that never ends would hold the handler.
      if (!isComplete && !this.#lost) void iterator.return?.();
    }
  }

  async #next(
    iterator: AsyncIterator<Uint8Array | string> | Iterator<Uint8Array | string>,
  ): Promise<IteratorResult<Uint8Array | string>> {
    if (this.#lost) throw this.#lost;
    try {
      return await iterator.next();
    } catch (error) {
      this.#exchange.bodyFailed(error);
      throw error;
    }
  }

  /** Rejects as soon as the client has gone; never settles once the server has been killed. */
  #unlessLost<T>(work: Promise<T> | T): Promise<T> {
    if (this.#lost) return Promise.reject(this.#lost);
    return this.#life.promise(
      new Promise<T>((resolve, reject) => {
        this.#atLoss.add(reject);
        Promise.resolve(work)
          .finally(() => this.#atLoss.delete(reject))
          .then(resolve, reject);
      }),
    );
  }
}

/** Statuses whose answers have no body, whatever the handler writes. */
const BODILESS = new Set([204, 205, 304]);

export class ServerResponse implements HttpResponse {
  readonly #exchange: ServerExchange;
  #headWritten = false;
  #isEnded = false;
  #carriesBody = true;

  constructor(exchange: ServerExchange) {
    this.#exchange = exchange;
  }

  get headWritten(): boolean {
    return this.#headWritten;
  }

  head(status: number, headers: Readonly<Record<string, string | readonly string[]>>): void {
    if (this.#headWritten) throw new Error(`the response to request ${this.#exchange.id} has its head already`);
    const fields = headerFields(headers);
    this.#headWritten = true;
    this.#carriesBody = this.#exchange.method !== 'HEAD' && !BODILESS.has(status);
    this.#exchange.pushHead(status, fields);
  }

  write(chunk: Uint8Array | string): boolean {
    if (this.#isEnded) return true;
    if (!this.#headWritten) this.head(200, {});
    if (!this.#carriesBody || chunk.length === 0) return true;
    return this.#exchange.pushData(typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk));
  }

  drained(): Promise<void> {
    return this.#exchange.drained();
  }

  end(body?: Uint8Array | string | readonly Uint8Array[]): void {
    if (this.#isEnded) return;
    if (!this.#headWritten) this.head(200, {});
    if (typeof body === 'string' || body instanceof Uint8Array) this.write(body);
    else if (body !== undefined) this.write(Buffer.concat(body));
    this.#isEnded = true;
    this.#exchange.pushEnd();
  }

  reset(): void {
    this.#exchange.reset();
  }
}
