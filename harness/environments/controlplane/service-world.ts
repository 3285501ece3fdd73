/**
 * The World of one service in this process: the machine's, but mortal. A killed service acts no more: its timers,
 * requests and listeners end, its promises never settle. Each request can be seen before it leaves.
 */
import { Dispatcher, fetch as undiciFetch } from 'undici';
import { type MortalWorld, mortalWorld } from '../../../simulator/node/runtimes/programs/mortal-world.ts';
import type { Log } from '../../../world/log.ts';
import type { ClientTls, Network } from '../../../world/network.ts';
import type { SentRequest } from '../environment.ts';
import { ownWorld } from './own-world.ts';

export interface ServiceWorld {
  readonly world: MortalWorld;
  /** Ends the service at once, as SIGKILL does, and cuts its connections. */
  kill(): Promise<void>;
  /** After an orderly stop. */
  close(): Promise<void>;
}

/** `onRequest` may kill the service: then the request does not leave. */
export function serviceWorld(name: string, log: Log, onRequest: (request: SentRequest) => void): ServiceWorld {
  const own = ownWorld(name, log);
  let isDead = false;
  const network = seen(own.world.network, onRequest, () => isDead);
  const world: MortalWorld = mortalWorld({ ...own.world, network }, name);
  return {
    world,
    async kill() {
      isDead = true;
      // Whoever is in the midst of sending is let out first: undici’s fetch cannot be aborted there.
      await Promise.resolve();
      world.kill();
      await own.close();
    },
    close: () => own.close(),
  };
}

function seen(network: Network, onRequest: (request: SentRequest) => void, isOver: () => boolean): Network {
  const dispatcher = (tls?: ClientTls) => new SeenDispatcher(network.dispatcher(tls), onRequest, isOver);
  const plain = dispatcher();
  return {
    fetch: (input, init) => undiciFetch(input, { dispatcher: plain, ...init }),
    dispatcher: (tls) => (tls ? dispatcher(tls) : plain),
    guardedDispatcher: (isAllowed) => new SeenDispatcher(network.guardedDispatcher(isAllowed), onRequest, isOver),
    listen: (address, handler, options) => network.listen(address, handler, options),
    connect: (address) => network.connect(address),
  };
}

class SeenDispatcher extends Dispatcher {
  readonly #inner: Dispatcher;
  readonly #onRequest: (request: SentRequest) => void;
  readonly #isOver: () => boolean;

  constructor(inner: Dispatcher, onRequest: (request: SentRequest) => void, isOver: () => boolean) {
    super();
    this.#inner = inner;
    this.#onRequest = onRequest;
    this.#isOver = isOver;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const { origin, method, path } = options;
    this.#onRequest({ address: origin === undefined ? '' : new URL(origin).host, method, path });
    return this.#isOver() ? false : this.#inner.dispatch(options, handler);
  }
}
