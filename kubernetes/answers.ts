/**
 * Answers of the API server as they come: whole ones with a deadline, watches and logs as streams. The deadline of a
 * stream ends with its head.
 */
import { type Clock, DeadlineExceededError, type Timer } from '../world/clock.ts';
import type { WatchHandle } from './client.ts';
import {
  ByteQueue,
  type Exchange,
  type ExchangeRequest,
  type ExchangeSink,
  type ResponseHeaders,
  startExchange,
} from './exchange.ts';
import { LineSplitter } from './line-splitter.ts';
import type { WatchEvent } from './objects.ts';
import { refusal, StreamBrokenError } from './refusal.ts';

/** A log's reader may lag behind by this much before the sender is held back. */
const logQueueBytes = 256 * 1024;

/** Bounds of a request: a deadline in ms (none: for ever) and a signal that cuts it. */
export interface Bounds {
  readonly clock: Clock;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

/** The JSON body of the answer, undefined if it is empty; rejects with ApiStatusError when it is not 2xx. */
export function callJson<T>(bounds: Bounds, request: ExchangeRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    let headers: ResponseHeaders = {};
    let exchange: Exchange | undefined;
    const timer = startDeadline(bounds, request, (error) => {
      exchange?.cancel();
      reject(error);
    });
    exchange = startExchange(request, {
      head(code, fields) {
        status = code;
        headers = fields;
      },
      data: (chunk) => void chunks.push(chunk),
      ended() {
        timer?.cancel();
        const body = Buffer.concat(chunks);
        if (status < 200 || status > 299) reject(refusal(status, headers, body));
        else resolve(parsed<T>(body, request, reject));
      },
      failed(error) {
        timer?.cancel();
        reject(error);
      },
    });
  });
}

function parsed<T>(body: Buffer, request: ExchangeRequest, reject: (error: Error) => void): T {
  if (body.length === 0) return undefined as T;
  try {
    return JSON.parse(body.toString('utf8')) as T;
  } catch {
    const start = body.toString('utf8', 0, 80);
    reject(new TypeError(`${request.method} ${request.origin}${request.path} answered no JSON but: ${start}`));
    return undefined as T;
  }
}

/** Opens a watch; resolves when the server has accepted it. */
export function openWatch<T>(
  bounds: Bounds,
  request: ExchangeRequest,
  onEvent: (event: WatchEvent<T>) => void,
): Promise<WatchHandle> {
  return openStream<WatchHandle>(bounds, request, (exchange) => {
    let stopped = false;
    let end: (error?: Error) => void = () => {};
    const ended = new Promise<Error | undefined>((resolve) => {
      end = resolve;
    });
    const stop = (error?: Error) => {
      stopped = true;
      exchange.cancel();
      end(error);
    };
    const lines = new LineSplitter((line) => {
      if (!stopped) onEvent(JSON.parse(line) as WatchEvent<T>);
    });
    const data = (chunk: Buffer) => {
      try {
        lines.push(chunk);
      } catch (error) {
        stop(asError(error));
      }
    };
    const endedByServer = () => end(lines.rest() === '' ? undefined : new StreamBrokenError(request.path));
    return { value: { ended, stop: () => stop() }, sink: { data, ended: endedByServer, failed: end } };
  });
}

/** Opens a stream of bytes, held back when its reader is slow; leaving the loop cancels the request. */
export function openBytes(bounds: Bounds, request: ExchangeRequest): Promise<AsyncIterable<Buffer>> {
  return openStream<AsyncIterable<Buffer>>(bounds, request, (exchange, settle) => {
    const queue = new ByteQueue(logQueueBytes, exchange, settle);
    return {
      value: queue,
      sink: {
        data: (chunk) => queue.push(chunk),
        ended: () => queue.finish(),
        failed: (error) => queue.finish(error),
      },
    };
  });
}

type StreamSink = Omit<ExchangeSink, 'head'>;

/**
 * Resolves with what `accept` makes of the stream once its head says success; rejects with the server's refusal or
 * with the error that came before the head. `settle` lets go of the signal.
 */
function openStream<T>(
  bounds: Bounds,
  request: ExchangeRequest,
  accept: (exchange: Exchange, settle: () => void) => { readonly value: T; readonly sink: StreamSink },
): Promise<T> {
  return new Promise((resolve, reject) => {
    let exchange: Exchange | undefined;
    let head: { status: number; headers: ResponseHeaders } | undefined;
    let sink: StreamSink | undefined;
    const refused: Buffer[] = [];
    const settle = () => {
      timer?.cancel();
      bounds.signal?.removeEventListener('abort', abort);
    };
    const fail = (error: Error) => {
      settle();
      exchange?.cancel();
      if (sink) sink.failed(error);
      else reject(error);
    };
    const abort = () => fail(asError(bounds.signal?.reason));
    const timer = startDeadline(bounds, request, fail);
    bounds.signal?.addEventListener('abort', abort, { once: true });
    exchange = startExchange(request, {
      head(status, headers) {
        head = { status, headers };
        if (status > 299 || !exchange) return;
        timer?.cancel();
        const accepted = accept(exchange, settle);
        sink = accepted.sink;
        resolve(accepted.value);
      },
      data: (chunk) => void (sink ? sink.data(chunk) : refused.push(chunk)),
      ended() {
        settle();
        if (sink) sink.ended();
        else if (head) reject(refusal(head.status, head.headers, Buffer.concat(refused)));
        else reject(new StreamBrokenError(request.path));
      },
      failed: fail,
    });
  });
}

function startDeadline(bounds: Bounds, request: ExchangeRequest, fail: (error: Error) => void): Timer | undefined {
  const { deadlineMs } = bounds;
  if (deadlineMs === undefined) return undefined;
  const awaited = `${request.method} ${request.origin}${request.path}`;
  return bounds.clock.after(deadlineMs, () => fail(new DeadlineExceededError(awaited, deadlineMs)));
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
