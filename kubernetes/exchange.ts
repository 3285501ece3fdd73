/**
 * One HTTP exchange on an undici dispatcher, without streams in between: the handler's callbacks reach the caller as
 * they come. `http-client.ts` builds plain calls, watches and logs on it. Neither redirects nor compression: the API
 * server uses none unless asked.
 */
import type { Dispatcher } from 'undici';

export interface ExchangeRequest {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly method: string;
  /** Path and query, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What happens to an exchange. After `ended` or `failed` nothing more is called. */
export interface ExchangeSink {
  head(status: number, headers: ResponseHeaders): void;
  data(chunk: Buffer): void;
  ended(): void;
  failed(error: Error): void;
}

export interface Exchange {
  /** Cuts the exchange; the sink hears nothing more, not even of the abort. */
  cancel(): void;
  pause(): void;
  resume(): void;
}

/** Starts the exchange. Errors of dispatching itself go to `sink.failed` too. */
export function startExchange(request: ExchangeRequest, sink: ExchangeSink): Exchange {
  const handler = new SinkHandler(sink);
  try {
    request.dispatcher.dispatch(
      {
        origin: request.origin,
        path: request.path,
        method: request.method,
        headers: { ...request.headers },
        body: request.body ?? null,
        // The deadlines are the caller's, on the World's clock; undici's own read the machine's.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      handler,
    );
  } catch (error) {
    handler.fail(error instanceof Error ? error : new Error(String(error)));
  }
  return handler;
}

const cancelled = new Error('the request was cancelled from this side');

class SinkHandler implements Dispatcher.DispatchHandler, Exchange {
  readonly #sink: ExchangeSink;
  #controller: Dispatcher.DispatchController | undefined;
  #done = false;

  constructor(sink: ExchangeSink) {
    this.#sink = sink;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#done) controller.abort(cancelled);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (!this.#done && status >= 200) this.#sink.head(status, headers);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#done) this.#sink.data(chunk);
  }

  onResponseEnd(): void {
    if (this.#done) return;
    this.#done = true;
    this.#sink.ended();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  fail(error: Error): void {
    if (this.#done) return;
    this.#done = true;
    this.#sink.failed(error);
  }

  cancel(): void {
    if (this.#done) return;
    this.#done = true;
    this.#controller?.abort(cancelled);
  }

  pause(): void {
    if (!this.#done) this.#controller?.pause();
  }

  resume(): void {
    if (!this.#done) this.#controller?.resume();
  }
}

/** The bytes of an exchange as an iterable that holds back the sender when its reader is slow. */
export class ByteQueue implements AsyncIterable<Buffer> {
  readonly #limitBytes: number;
  readonly #chunks: Buffer[] = [];
  #queuedBytes = 0;
  #paused = false;
  #ended = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;
  readonly #exchange: Exchange;
  readonly #left: () => void;

  /** `left` is called once the reader has gone or has all. */
  constructor(limitBytes: number, exchange: Exchange, left: () => void) {
    this.#limitBytes = limitBytes;
    this.#exchange = exchange;
    this.#left = left;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#queuedBytes += chunk.length;
    if (this.#queuedBytes > this.#limitBytes && !this.#paused) {
      this.#paused = true;
      this.#exchange.pause();
    }
    this.#wake?.();
  }

  /** No more bytes will come; with an error the reader gets it behind the queued bytes. */
  finish(error?: Error): void {
    this.#ended = true;
    this.#error = error;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk) {
          this.#queuedBytes -= chunk.length;
          this.#resumeWhenEmpty();
          yield chunk;
        } else if (this.#ended) {
          if (this.#error) throw this.#error;
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          this.#wake = undefined;
        }
      }
    } finally {
      this.#exchange.cancel();
      this.#left();
    }
  }

  #resumeWhenEmpty(): void {
    if (!this.#paused || this.#queuedBytes > 0) return;
    this.#paused = false;
    this.#exchange.resume();
  }
}
