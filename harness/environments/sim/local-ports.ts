/**
 * Ports of this machine for local commands, and where a pod's address and port lead: two daemons may declare the same
 * port, and somebody else may have it already.
 */
import type { ProcessPorts, TakenPort } from '../../../simulator/node/runtimes/processes/ports.ts';
import { AddressInUseError, type Network } from '../../../world/network.ts';

const host = '127.0.0.1';

export class LocalPorts implements ProcessPorts {
  readonly #network: Network;
  /** By the pod's address and declared port; undefined while nobody listens under a port that is another's. */
  readonly #places = new Map<string, number | undefined>();
  readonly #taken = new Set<number>();
  /** Ports on which a command was found listening since it took them. */
  readonly #listening = new Set<number>();

  constructor(network: Network) {
    this.#network = network;
  }

  async take(address: string, declared: number): Promise<TakenPort> {
    const port = (await this.#isFree(declared)) ? declared : await this.#anyFree();
    const key = `${address}:${declared}`;
    this.#taken.add(port);
    this.#places.set(key, port);
    return {
      port,
      release: () => {
        this.#taken.delete(port);
        this.#listening.delete(port);
        if (this.#places.get(key) === port) this.#places.set(key, undefined);
      },
    };
  }

  /** Where `address:port` of the loopback leads on this machine; undefined where nobody listens. */
  placeOf(place: string): string | undefined {
    const port = this.#places.has(place) ? this.#places.get(place) : Number(place.slice(place.lastIndexOf(':') + 1));
    return port === undefined ? undefined : `${host}:${port}`;
  }

  /**
   * Resolves when the command at `place`, which `placeOf` has told, listens; one that did once is not tried again when
   * `isTrusted`.
   */
  async connect(place: string, isTrusted: boolean): Promise<void> {
    const port = Number(place.slice(place.lastIndexOf(':') + 1));
    if (isTrusted && this.#listening.has(port)) return;
    await this.#network.connect(place);
    if (this.#taken.has(port)) this.#listening.add(port);
  }

  async #isFree(port: number): Promise<boolean> {
    if (this.#taken.has(port)) return false;
    // At once: another may ask during the try.
    this.#taken.add(port);
    try {
      await this.#listen(port);
      return true;
    } catch (error) {
      this.#taken.delete(port);
      // A port below 1024 that may not be listened on is no port for a command either.
      if (error instanceof AddressInUseError || isForbidden(error)) return false;
      throw error;
    }
  }

  async #anyFree(): Promise<number> {
    for (;;) {
      const port = await this.#listen(0);
      if (!this.#taken.has(port)) return port;
    }
  }

  async #listen(port: number): Promise<number> {
    const listener = await this.#network.listen(`${host}:${port}`, (_request, response) => response.reset());
    await listener.close();
    return Number(new URL(listener.url).port);
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EACCES';
}
