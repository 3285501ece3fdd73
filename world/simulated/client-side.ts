/** What undici sees of an exchange on the simulated network: the client pauses, resumes and aborts through it. */
import type { Dispatcher } from 'undici';
import { type HeaderFields, rawHeaders } from './http-messages.ts';

/** What it needs of its exchange. */
export interface ClientExchange {
  abortedByClient(reason: Error): void;
  flush(): void;
}

export class ClientController implements Dispatcher.DispatchController {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  readonly rawTrailers = null;
  /** Of the response, once its head is here. */
  fields: HeaderFields = {};
  readonly #exchange: ClientExchange;
  #rawHeaders: Buffer[] | undefined;

  constructor(exchange: ClientExchange) {
    this.#exchange = exchange;
  }

  /** Made when asked for: only `fetch` reads them. */
  get rawHeaders(): Buffer[] {
    this.#rawHeaders ??= rawHeaders(this.fields);
    return this.#rawHeaders;
  }

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.#exchange.abortedByClient(reason);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.#exchange.flush();
  }
}
