/**
 * The simulated network: carries each request, in process, to the handler that listens under its host name. Latency, loss, resets,
 * partitions and slow bodies are applied here and nowhere else; all are drawn from the seed.
 */
import { Dispatcher, fetch as undiciFetch } from 'undici';
import { AddressInUseError, type HttpHandler, type Listener, type Network } from '../network.ts';
import type { Random } from '../random.ts';
import { Exchange, type Party } from './exchange.ts';
import { describeFault, type NetworkFault } from './faults.ts';
import type { Kernel } from './kernel.ts';

/** Latency of a request on a healthy network, ms, both included. */
const LATENCY_MS = { minimum: 1, maximum: 4 };

export interface ActiveFault {
  readonly fault: NetworkFault;
  readonly description: string;
  heal(): void;
}

interface Registration {
  readonly handler: HttpHandler;
  readonly owner: ProcessNetwork;
}

export class SimulatedNetwork {
  readonly #kernel: Kernel;
  readonly #random: Random;
  readonly #listeners = new Map<string, Registration>();
  readonly #faults = new Map<number, NetworkFault>();
  readonly #exchanges = new Set<Exchange>();
  readonly #observers = new Set<(request: ObservedRequest) => void>();
  #faultCount = 0;
  #requestCount = 0;

  constructor(kernel: Kernel, random: Random) {
    this.#kernel = kernel;
    this.#random = random;
  }

  /** The network as one process has it. */
  attach(name: string): ProcessNetwork {
    return new ProcessNetwork(name, this);
  }

  /** Makes a fault happen from now on, until it is healed. */
  inject(fault: NetworkFault): ActiveFault {
    const id = ++this.#faultCount;
    const description = describeFault(fault);
    this.#faults.set(id, fault);
    this.#recordFault('injected', id, description);
    if (fault.kind === 'reset') {
      for (const exchange of this.#matching(fault)) exchange.cut('ECONNRESET', 'connection reset by a fault');
    }
    return {
      fault,
      description,
      heal: () => {
        if (!this.#faults.delete(id)) return;
        this.#recordFault('healed', id, description);
        for (const exchange of this.#exchanges) exchange.flush();
      },
    };
  }

  /** Calls `observer` synchronously for each request as it is sent; the harness uses it to kill a process between two writes. */
  observe(observer: (request: ObservedRequest) => void): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** The handler that listens there, for requests that come in from outside the simulation by a real socket. */
  handlerAt(address: string): HttpHandler | undefined {
    const registration = this.#listeners.get(address);
    if (!registration) return undefined;
    return (request, response) => {
      this.#kernel.stir();
      return registration.handler(request, response);
    };
  }

  /** @internal */
  register(address: string, handler: HttpHandler, owner: ProcessNetwork): () => void {
    if (this.#listeners.has(address)) throw new AddressInUseError(address);
    this.#listeners.set(address, { handler, owner });
    return () => {
      if (this.#listeners.get(address)?.owner !== owner) return;
      this.#listeners.delete(address);
      for (const exchange of this.#exchanges) {
        if (exchange.address === address) exchange.cut('ECONNRESET', `${address} closed the connection`);
      }
    };
  }

  /** @internal Sends one request on behalf of a process. */
  dispatch(from: ProcessNetwork, options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    const address = addressOf(String(options.origin));
    const exchange = new Exchange({
      id: ++this.#requestCount,
      kernel: this.#kernel,
      client: from,
      address,
      options,
      handler,
      server: () => this.#listeners.get(address),
      faults: (to) => this.#faultsBetween(from.name, to),
      latencyMs: () => this.#latencyMs(from.name, address),
      chance: () => this.#random.stream(`loss ${from.name}>${address}`).next(),
      onDone: () => {
        this.#exchanges.delete(exchange);
        from.exchanges.delete(exchange);
      },
    });
    this.#exchanges.add(exchange);
    from.exchanges.add(exchange);
    for (const observer of this.#observers)
      observer({ from: from.name, address, method: options.method, path: options.path });
    if (!from.isCut) exchange.start();
  }

  #latencyMs(from: string, address: string): number {
    const healthy = this.#random.stream(`latency ${from}>${address}`).integer(LATENCY_MS.minimum, LATENCY_MS.maximum);
    let extra = 0;
    for (const fault of this.#faultsBetween(from, address)) {
      if (fault.kind === 'latency') {
        extra += this.#random.stream(`extra latency ${from}>${address}`).integer(fault.minimumMs, fault.maximumMs);
      }
    }
    return healthy + extra;
  }

  #faultsBetween(from: string, address: string): NetworkFault[] {
    if (this.#faults.size === 0) return [];
    return [...this.#faults.values()].filter((fault) => concerns(fault, from, address));
  }

  #matching(fault: NetworkFault): Exchange[] {
    return [...this.#exchanges].filter((exchange) => concerns(fault, exchange.clientName, exchange.address));
  }

  #recordFault(change: 'injected' | 'healed', id: number, description: string): void {
    this.#kernel.trace.record({ type: 'fault', at: this.#kernel.now(), change, id, description });
    this.#kernel.stir();
  }
}

export interface ObservedRequest {
  readonly from: string;
  readonly address: string;
  readonly method: string;
  readonly path: string;
}

/** A fault without `from` or `to` concerns every client or server. */
function concerns(fault: NetworkFault, from: string, address: string): boolean {
  const host = address.slice(0, address.lastIndexOf(':'));
  return (fault.from === undefined || fault.from === from) && (fault.to === undefined || fault.to === host);
}

/** `host:port` of an origin, with the scheme's default port. */
function addressOf(origin: string): string {
  const url = new URL(origin);
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

/** The network of one process: dies with it. */
export class ProcessNetwork implements Network, Party {
  readonly name: string;
  readonly fetch: typeof undiciFetch;
  /** @internal */
  readonly exchanges = new Set<Exchange>();
  readonly #network: SimulatedNetwork;
  readonly #dispatcher: Dispatcher;
  readonly #closers = new Set<() => void>();
  #isCut = false;

  constructor(name: string, network: SimulatedNetwork) {
    this.name = name;
    this.#network = network;
    this.#dispatcher = new SimulatedDispatcher((options, handler) => {
      if (!this.#isCut) network.dispatch(this, options, handler);
    });
    const dispatcher = this.#dispatcher;
    this.fetch = (input, init) => undiciFetch(input, { ...init, dispatcher });
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  dispatcher(): Dispatcher {
    return this.#dispatcher;
  }

  async listen(address: string, handler: HttpHandler, options?: { readonly tls?: object }): Promise<Listener> {
    if (this.#isCut) return new Promise(() => undefined);
    const unregister = this.#network.register(address, handler, this);
    this.#closers.add(unregister);
    return {
      url: `${options?.tls ? 'https' : 'http'}://${address}`,
      close: async () => {
        this.#closers.delete(unregister);
        unregister();
      },
    };
  }

  /** The process was killed: its peers see the connection break, it sees nothing any more. */
  cut(): void {
    this.#isCut = true;
    for (const close of this.#closers) close();
    this.#closers.clear();
    for (const exchange of [...this.exchanges]) exchange.abandon();
  }
}

type Dispatch = (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => void;

/** What undici's `fetch` and `request` see of the simulated network. */
class SimulatedDispatcher extends Dispatcher {
  /**
   * Lets undici's `fetch` pass a text or buffer body as it is, not as a stream: half the work for each request
   * (lib/web/fetch/index.js, `isMockActive`).
   */
  readonly isMockActive = true;
  readonly #dispatch: Dispatch;

  constructor(dispatch: Dispatch) {
    super();
    this.#dispatch = dispatch;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    this.#dispatch(options, handler);
    return true;
  }

  override close(): Promise<void>;
  override close(callback: () => void): void;
  override close(callback?: () => void): Promise<void> | void {
    if (!callback) return Promise.resolve();
    queueMicrotask(callback);
  }

  override destroy(...parameters: unknown[]): Promise<void> {
    const callback = parameters.at(-1);
    if (typeof callback === 'function') queueMicrotask(() => callback());
    return Promise.resolve();
  }
}
