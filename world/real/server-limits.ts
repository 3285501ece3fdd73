/**
 * What a server that listens on a real socket bears: for how long a client may keep it waiting, and how many may come.
 * All limits are on stalls: a body that gets on is never cut, however long it takes, and neither is an answer, such as
 * a watch or a followed log that is silent for hours. Real time, also where what is served lives in a simulation.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

export interface ServerLimits {
  /** For TLS to be agreed and for the head of a request to come, ms; then 408. */
  readonly headMs: number;
  /**
   * Without a byte more of a body that has begun, ms; then 408, or the end of the connection if an answer has begun.
   */
  readonly bodyStallMs: number;
  /** Without a request on a connection that has had one, ms. */
  readonly idleMs: number;
  /** Open at once; one more is closed as it comes. */
  readonly connections: number;
}

export const defaultLimits: ServerLimits = {
  headMs: 20_000,
  // Uploads may trickle (contract 3.11: an idle limit of 60 s at least).
  bodyStallMs: 65_000,
  idleMs: 65_000,
  connections: 4_096,
};

/** How often a connection is looked at, of the shortest limit. */
const LOOKS_PER_LIMIT = 4;
const LOOK_MS_MAX = 5_000;

/** Options for the creation of a server; `limit` does the rest. */
export function creationOptions({ headMs, bodyStallMs }: ServerLimits) {
  return {
    // Peers that have vanished without a word are found out by the machine.
    keepAlive: true,
    headersTimeout: headMs,
    requestTimeout: 0,
    connectionsCheckingInterval: lookMs({ headMs, bodyStallMs }),
  };
}

/** Keeps the limits from now on. */
export function limit(server: Server, limits: ServerLimits): void {
  server.keepAliveTimeout = limits.idleMs;
  server.maxConnections = limits.connections;
  const halfSent = new HalfSentBodies(limits.bodyStallMs);
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => halfSent.see(incoming, outgoing));
  const timer = setInterval(() => halfSent.look(performance.now()), lookMs(limits));
  timer.unref();
  server.once('close', () => clearInterval(timer));
}

function lookMs({ headMs, bodyStallMs }: Pick<ServerLimits, 'headMs' | 'bodyStallMs'>): number {
  return Math.min(LOOK_MS_MAX, Math.ceil(Math.min(headMs, bodyStallMs) / LOOKS_PER_LIMIT));
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Read from the connection when it was last looked at, and since when it is no more (of `performance.now`). */
  bytes: number;
  since: number;
}

const timedOut = 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';

/** Requests whose body has not come to its end, also those that have been answered already. */
class HalfSentBodies {
  readonly #stallMs: number;
  readonly #open = new Set<Exchange>();

  constructor(stallMs: number) {
    this.#stallMs = stallMs;
  }

  see(incoming: IncomingMessage, outgoing: ServerResponse): void {
    if (incoming.complete) return;
    this.#open.add({ incoming, outgoing, bytes: incoming.socket.bytesRead, since: performance.now() });
  }

  look(now: number): void {
    for (const exchange of this.#open) {
      const { incoming, bytes, since } = exchange;
      // What waits for its reader on this side is not the client's fault.
      const hasMoved = incoming.socket.bytesRead !== bytes || incoming.readableLength > 0;
      if (incoming.complete || incoming.socket.destroyed) this.#open.delete(exchange);
      else if (hasMoved) Object.assign(exchange, { bytes: incoming.socket.bytesRead, since: now });
      else if (now - since >= this.#stallMs) cut(exchange);
    }
  }
}

/** As Node.js does for a head that does not come. */
function cut({ incoming: { socket }, outgoing }: Exchange): void {
  if (!outgoing.headersSent) socket.write(timedOut);
  socket.destroySoon();
}
