/**
 * Where requests from outside, by a real socket, enter a simulation: they take part in it as the requests of a client
 * named `outside`, with its faults and in its trace, but without latency.
 */
import type { Dispatcher } from 'undici';
import type { HttpRequest, HttpResponse } from '../network.ts';
import { Life } from './life.ts';
import type { Party } from './link.ts';
import { VisitorBody } from './request-body.ts';

/** The name that faults and traces know. It never dies. */
export const outside: Party = { name: 'outside', life: new Life() };

/** What a real request asks of the simulated network. */
export function visitorOptions(address: string, request: HttpRequest): Dispatcher.DispatchOptions {
  return {
    origin: `http://${address}`,
    method: request.method as Dispatcher.HttpMethod,
    path: request.url,
    headers: { ...request.headers },
    body: new VisitorBody(request) as unknown as null,
  };
}

/** Carries the simulated answer to the real client. `onOver` is called once, when nothing more will come. */
export class VisitorHandler implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest;
  readonly #response: HttpResponse;
  readonly #onOver: () => void;

  constructor(request: HttpRequest, response: HttpResponse, onOver: () => void) {
    this.#request = request;
    this.#response = response;
    this.#onOver = onOver;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const { signal } = this.#request;
    const leave = () =>
      controller.abort(signal.reason instanceof Error ? signal.reason : new Error('the client has gone'));
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Record<string, string | string[]>): void {
    this.#response.head(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#response.write(chunk)) return;
    controller.pause();
    void this.#response.drained().then(() => controller.resume());
  }

  onResponseEnd(): void {
    this.#response.end();
    this.#onOver();
  }

  onResponseError(controller: Dispatcher.DispatchController): void {
    if (!controller.aborted) this.#response.reset();
    this.#onOver();
  }
}
