/**
 * The simulated network: carries each request, in process, to the handler that listens under its host name. Latency,
 * loss, resets, partitions and slow bodies are applied here (`link.ts`, `exchange.ts`) and nowhere else; all are drawn
 * from the seed.
 */
import type { Dispatcher } from 'undici';
import { AddressInUseError, type AddressJudge, ConnectionError, type HttpHandler } from '../network.ts';
import type { Random } from '../random.ts';
import { outside, VisitorHandler, visitorOptions } from './entrance.ts';
import { Exchange } from './exchange.ts';
import { concerns, FaultBoard } from './fault-board.ts';
import { describeFault, type NetworkFault } from './faults.ts';
import type { Kernel } from './kernel.ts';
import type { Life } from './life.ts';
import { Link, type Party, type Registration } from './link.ts';
import { ProcessNetwork } from './process-network.ts';
import type { Resolve, WayOut } from './way-out.ts';

/** Ports from here on are given to listeners that ask for port 0. */
const FIRST_FREE_PORT = 32_768;

export interface ActiveFault {
  readonly fault: NetworkFault;
  readonly description: string;
  heal(): void;
}

export interface ObservedRequest {
  readonly from: string;
  readonly address: string;
  readonly method: string;
  readonly path: string;
}

/** Undefined where a connection is refused. `isAllowed`: the requests are guarded (`Network.guardedDispatcher`). */
export type FindWayOut = (address: string, isAllowed?: AddressJudge) => WayOut | undefined;

export class SimulatedNetwork {
  readonly #kernel: Kernel;
  readonly #random: Random;
  readonly #board = new FaultBoard();
  readonly #listeners = new Map<string, Registration>();
  readonly #exchanges = new Set<Exchange>();
  readonly #observers = new Set<(request: ObservedRequest) => void>();
  readonly #visitorLinks = new Map<string, Link>();
  #requestCount = 0;
  #resolve: Resolve | undefined;
  #wayOut: FindWayOut | undefined;

  constructor(kernel: Kernel, random: Random) {
    this.#kernel = kernel;
    this.#random = random;
  }

  /** The network as one process has it. */
  attach(name: string, life: Life): ProcessNetwork {
    return new ProcessNetwork(name, life, this);
  }

  /**
   * Says where a `host:port` leads under which nobody listens by himself: a Service's name, a virtual address. Asked
   * anew for each request; faults are about the name that was asked for.
   */
  resolveBy(resolve: Resolve): void {
    this.#resolve = resolve;
  }

  /** Leads requests out of the simulation that nobody in it takes: such a run cannot be replayed. */
  leadOutBy(wayOut: FindWayOut): void {
    this.#wayOut = wayOut;
  }

  /** Makes a fault happen from now on, until it is healed. */
  inject(fault: NetworkFault): ActiveFault {
    const description = describeFault(fault);
    const id = this.#board.add(fault);
    this.#recordFault('injected', id, description);
    if (fault.kind === 'reset') {
      for (const exchange of this.#matching(fault)) exchange.break('ECONNRESET', 'connection reset by a fault');
    }
    return {
      fault,
      description,
      heal: () => {
        if (!this.#board.remove(id)) return;
        this.#recordFault('healed', id, description);
        for (const exchange of [...this.#exchanges]) exchange.flush();
      },
    };
  }

  /** Names under which somebody listens at the moment. */
  hosts(): string[] {
    return [...new Set([...this.#listeners.keys()].map(hostOf))];
  }

  /**
   * Calls `observer` synchronously for each request as it is sent; the harness uses it to kill a process between two
   * writes.
   */
  observe(observer: (request: ObservedRequest) => void): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** The handler that listens there, for requests that come in from outside the simulation by a real socket. */
  handlerAt(address: string): HttpHandler | undefined {
    if (!this.#listeners.has(address)) return undefined;
    return (request, response) =>
      new Promise((resolve) => {
        const options = visitorOptions(address, request);
        this.dispatch(this.#visitorLink(address), options, new VisitorHandler(request, response, resolve));
      });
  }

  /** @internal */
  register(address: string, handler: HttpHandler, owner: Party): { readonly address: string; close(): void } {
    const taken = this.#addressFor(address);
    if (this.#listeners.has(taken)) throw new AddressInUseError(taken);
    const registration = { address: taken, handler, owner };
    this.#listeners.set(taken, registration);
    return {
      address: taken,
      close: () => {
        if (this.#listeners.get(taken) !== registration) return;
        this.#listeners.delete(taken);
        for (const exchange of [...this.#exchanges]) {
          if ((exchange.servedAt ?? exchange.link.address) === taken)
            exchange.serverGone(`${taken} closed the connection`);
        }
      },
    };
  }

  /** @internal */
  link(client: Party, address: string): Link {
    return new Link(client, address, this.#board, this.#random);
  }

  /**
   * @internal Sends one request; `ofClient` holds it while it is under way, `isAllowed` judges the address that a name
   * leads to.
   */
  dispatch(
    link: Link,
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
    { ofClient, isAllowed }: { ofClient?: Set<Exchange>; isAllowed?: AddressJudge | undefined } = {},
  ): void {
    const exchange = new Exchange({
      id: ++this.#requestCount,
      kernel: this.#kernel,
      link,
      options,
      handler,
      server: (address) => this.#serverAt(address, isAllowed),
      onClosed: (closed) => {
        this.#exchanges.delete(closed);
        ofClient?.delete(closed);
      },
    });
    this.#exchanges.add(exchange);
    ofClient?.add(exchange);
    const { method, path } = exchange;
    for (const observer of this.#observers) observer({ from: link.client.name, address: link.address, method, path });
    if (link.client.life.isAlive) exchange.start(link.client === outside);
  }

  /** Who takes a request to that address: a listener, who a name stands for, somebody outside. */
  #serverAt(address: string, isAllowed?: AddressJudge): Registration | ConnectionError {
    const listener = this.#listeners.get(address);
    if (listener) return listener;
    const resolved = this.#resolve?.(address);
    if (resolved === 'unknown name') return new ConnectionError('ENOTFOUND', `getaddrinfo ENOTFOUND ${address}`);
    const place = resolved?.place ?? address;
    const isKept = resolved !== undefined && isAllowed?.(hostOf(place)) === false;
    const way = isKept ? undefined : (this.#listeners.get(place) ?? this.#wayOut?.(place, isAllowed));
    if (!way) return new ConnectionError('ECONNREFUSED', `connect ${address}: nobody listens there`);
    return 'owner' in way ? way : { address: place, handler: way.handler, connect: way.connect, owner: outside };
  }

  /** @internal Resolves when somebody listens there, after the latency of the link. */
  connect(link: Link): Promise<void> {
    const { address } = link;
    return new Promise((resolve, reject) => {
      this.#kernel.after(link.latencyMs(), () => {
        const isRefused = link.isPartitioned || link.faults.some(({ kind }) => kind === 'refuse');
        const server = isRefused ? new ConnectionError('ECONNREFUSED', `connect ${address}`) : this.#serverAt(address);
        if (server instanceof ConnectionError) reject(server);
        else if (server.connect) server.connect().then(resolve, reject);
        else resolve();
      });
    });
  }

  #visitorLink(address: string): Link {
    let link = this.#visitorLinks.get(address);
    if (!link) {
      link = this.link(outside, address);
      this.#visitorLinks.set(address, link);
    }
    return link;
  }

  #addressFor(address: string): string {
    if (!address.endsWith(':0')) return address;
    const host = address.slice(0, -2);
    let port = FIRST_FREE_PORT;
    while (this.#listeners.has(`${host}:${port}`)) port++;
    return `${host}:${port}`;
  }

  #matching(fault: NetworkFault): Exchange[] {
    return [...this.#exchanges].filter(({ link }) => concerns(fault, link.client.name, link.address));
  }

  #recordFault(change: 'injected' | 'healed', id: number, description: string): void {
    this.#kernel.trace.record({ type: 'fault', at: this.#kernel.now(), change, id, description });
    this.#kernel.stir();
  }
}

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':'));
}
