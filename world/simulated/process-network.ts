/** The network as one simulated process has it: dies with it. */
import { Dispatcher, fetch as undiciFetch } from 'undici';
import type { AddressJudge, HttpHandler, Listener, Network } from '../network.ts';
import type { Exchange } from './exchange.ts';
import { type Life, never } from './life.ts';
import type { Link, Party } from './link.ts';

/** What carries the requests of all processes: the simulated network. */
export interface Carrier {
  register(address: string, handler: HttpHandler, owner: Party): { readonly address: string; close(): void };
  link(client: Party, address: string): Link;
  connect(link: Link): Promise<void>;
  dispatch(
    link: Link,
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
    request: { readonly ofClient: Set<Exchange>; readonly isAllowed?: AddressJudge | undefined },
  ): void;
}

export class ProcessNetwork implements Network, Party {
  readonly name: string;
  readonly life: Life;
  readonly fetch: typeof undiciFetch;
  /** @internal Requests of this process that are under way. */
  readonly exchanges = new Set<Exchange>();
  readonly #network: Carrier;
  readonly #dispatcher: Dispatcher;
  readonly #links = new Map<string, Link>();
  readonly #closers = new Set<() => void>();

  constructor(name: string, life: Life, network: Carrier) {
    this.name = name;
    this.life = life;
    this.#network = network;
    const dispatcher = new SimulatedDispatcher((options, handler) => this.#dispatch(options, handler));
    this.#dispatcher = dispatcher;
    this.fetch = (input, init) => undiciFetch(input, { dispatcher, ...init });
  }

  guardedDispatcher(isAllowed: AddressJudge): Dispatcher {
    return new SimulatedDispatcher((options, handler) => this.#dispatch(options, handler, isAllowed));
  }

  dispatcher(): Dispatcher {
    return this.#dispatcher;
  }

  async listen(address: string, handler: HttpHandler, options?: { readonly tls?: object }): Promise<Listener> {
    if (!this.life.isAlive) return never();
    const registered = this.#network.register(address, handler, this);
    this.#closers.add(registered.close);
    return {
      url: `${options?.tls ? 'https' : 'http'}://${registered.address}`,
      close: async () => {
        this.#closers.delete(registered.close);
        registered.close();
      },
    };
  }

  connect(address: string): Promise<void> {
    return this.#network.connect(this.#linkTo(`tcp://${address}`, address));
  }

  /** The process was killed: its peers see the connections break, it sees nothing any more. */
  cut(): void {
    for (const close of this.#closers) close();
    this.#closers.clear();
    for (const exchange of [...this.exchanges]) exchange.abandon();
  }

  #dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler, isAllowed?: AddressJudge): void {
    if (!this.life.isAlive) return;
    const origin = String(options.origin);
    const link = this.#links.get(origin) ?? this.#linkTo(origin, addressOf(origin));
    this.#network.dispatch(link, options, handler, { ofClient: this.exchanges, isAllowed });
  }

  #linkTo(origin: string, address: string): Link {
    const link = this.#links.get(origin) ?? this.#network.link(this, address);
    this.#links.set(origin, link);
    return link;
  }
}

/** `host:port` of an origin, with the scheme's default port. */
function addressOf(origin: string): string {
  const url = new URL(origin);
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
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
