/** The machine's network: `node:http(s)` servers and undici clients. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect as connectSocket, type LookupFunction } from 'node:net';
import { Agent, type Dispatcher, fetch as undiciFetch } from 'undici';
import {
  AddressInUseError,
  type AddressJudge,
  BodyTooLargeError,
  type ClientTls,
  ConnectionError,
  type HttpHandler,
  type HttpRequest,
  type Listener,
  type Network,
  type ServerTls,
} from '../network.ts';
import { guardedLookup } from './guarded-lookup.ts';
import { LargeBuffers } from './large-buffers.ts';
import { RealResponse } from './response.ts';
import { SendingRounds } from './sending-rounds.ts';
import { creationOptions, defaultLimits, limit, type ServerLimits } from './server-limits.ts';

export class RealNetwork implements Network {
  readonly fetch: typeof undiciFetch;
  readonly #plain = newAgent();
  /** One agent for each set of credentials: an agent holds the connections. */
  readonly #agents = new Map<string, Agent>();
  /** Connections that were judged are nobody else's. */
  readonly #guarded = new Map<AddressJudge, Agent>();
  readonly #rounds = new SendingRounds();
  readonly #buffers = new LargeBuffers();
  readonly #limits: ServerLimits;

  /** `limits` are those of the servers that listen on it. */
  constructor(limits: Partial<ServerLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
    this.fetch = (input, init) => undiciFetch(input, { dispatcher: this.#plain, ...init });
  }

  guardedDispatcher(isAllowed: AddressJudge): Dispatcher {
    const agent = this.#guarded.get(isAllowed) ?? newAgent({ lookup: guardedLookup(isAllowed) });
    this.#guarded.set(isAllowed, agent);
    return agent;
  }

  dispatcher(tls?: ClientTls): Dispatcher {
    if (!tls) return this.#plain;
    const key = JSON.stringify(tls);
    let agent = this.#agents.get(key);
    if (!agent) {
      agent = newAgent(tls);
      this.#agents.set(key, agent);
    }
    return agent;
  }

  async listen(address: string, handler: HttpHandler, options: { readonly tls?: ServerTls } = {}): Promise<Listener> {
    const separator = address.lastIndexOf(':');
    const host = address.slice(0, separator);
    const creation = creationOptions(this.#limits);
    const server = options.tls
      ? createTlsServer({ ...creation, ...options.tls, handshakeTimeout: this.#limits.headMs })
      : createServer(creation);
    limit(server, this.#limits);
    server.on(
      'request',
      (incoming: IncomingMessage, outgoing: ServerResponse) =>
        void serve(handler, incoming, new RealResponse(outgoing, this.#rounds, this.#buffers), outgoing),
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'EADDRINUSE' ? new AddressInUseError(address) : error),
      );
      server.listen(Number(address.slice(separator + 1)), host, resolve);
    });
    const { port } = server.address() as AddressInfo;
    return {
      url: `${options.tls ? 'https' : 'http'}://${host}:${port}`,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    };
  }

  connect(address: string): Promise<void> {
    const separator = address.lastIndexOf(':');
    const socket = connectSocket({ host: address.slice(0, separator), port: Number(address.slice(separator + 1)) });
    return new Promise((resolve, reject) => {
      socket.once('connect', () => {
        socket.destroy();
        resolve();
      });
      socket.once('error', (error: NodeJS.ErrnoException) => {
        const code = error.code === 'ENOTFOUND' || error.code === 'ETIMEDOUT' ? error.code : 'ECONNREFUSED';
        reject(new ConnectionError(code, error.message));
      });
    });
  }

  /** Closes the connections that are kept for reuse. */
  async close(): Promise<void> {
    await Promise.all(
      [this.#plain, ...this.#agents.values(), ...this.#guarded.values()].map((agent) => agent.destroy()),
    );
  }
}

/** Streams (watches, followed logs) may be silent for hours: no time limits here, callers bring their own signals. */
function newAgent(connect?: ClientTls | { readonly lookup: LookupFunction }): Agent {
  return new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    connections: 256,
    ...(connect ? { connect: { ...connect } } : {}),
  });
}

async function serve(
  handler: HttpHandler,
  incoming: IncomingMessage,
  response: RealResponse,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    await handler(realRequest(incoming, outgoing), response);
  } catch (error) {
    if (outgoing.destroyed) return;
    if (response.headWritten) return response.reset();
    response.head(500, { 'content-type': 'text/plain' });
    response.end(error instanceof Error ? error.message : String(error));
  }
}

function realRequest(incoming: IncomingMessage, outgoing: ServerResponse): HttpRequest {
  let controller: AbortController | undefined;
  // Without a prototype: a header may be called `constructor`.
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  }
  const target = targetOf(incoming.url ?? '/');
  if (target.host !== undefined) headers.host = target.host;
  return {
    method: incoming.method ?? 'GET',
    url: target.url,
    headers,
    stream: bodyOf(incoming),
    bytes: (limitBytes) => collect(incoming, limitBytes),
    get signal() {
      if (!controller) {
        const gone = new AbortController();
        controller = gone;
        outgoing.once('close', () => {
          if (!outgoing.writableFinished) gone.abort(new ConnectionError('ECONNRESET', 'the client has gone'));
        });
      }
      return controller.signal;
    },
  };
}

/**
 * Path and query of a target. A whole URL is as good, and then its host counts, whatever the header says (RFC 9112
 * 3.2.2).
 */
function targetOf(target: string): { readonly url: string; readonly host?: string } {
  const [, host, rest = ''] = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target) ?? [];
  if (host === undefined) return { url: target };
  return { url: rest.startsWith('/') ? rest : `/${rest}`, host };
}

/**
 * Who leaves it in its middle goes on to answer: what still comes is read and dropped, or the client would never get to
 * that answer.
 */
function bodyOf(incoming: IncomingMessage): AsyncIterable<Buffer> {
  return {
    [Symbol.asyncIterator]() {
      const chunks: AsyncIterator<Buffer> = incoming.iterator({ destroyOnReturn: false });
      return {
        next: () => chunks.next(),
        return: async () => {
          await chunks.return?.();
          incoming.resume();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

/**
 * By events and not by iteration: leaving an iteration cuts the connection, and a body that is too large is still
 * answered.
 */
function collect(incoming: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let total = 0;
    const onData = (chunk: Buffer) => {
      total += chunk.length;
      if (total <= limitBytes) return void chunks.push(chunk);
      // What still comes is read and dropped, or the client would never get to the answer.
      incoming.off('data', onData);
      incoming.resume();
      reject(new BodyTooLargeError(limitBytes));
    };
    incoming.on('data', onData);
    incoming.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    incoming.once('error', reject);
    incoming.once('close', () => {
      if (!incoming.readableEnded) reject(new ConnectionError('ECONNRESET', 'the client has gone'));
    });
    if (incoming.destroyed && !incoming.readableEnded) {
      reject(new ConnectionError('ECONNRESET', 'the client has gone'));
    }
  });
}
