/** The real ports by which a live run is entered: four in a row, or free ones. */
import {
  AddressInUseError,
  type HttpHandler,
  type Listener,
  type Network,
  type ServerTls,
} from '../../world/network.ts';

/** In the order of their ports. */
const doorNames = ['kubernetes', 'gateway', 'content', 'control'] as const;
export type DoorName = (typeof doorNames)[number];

export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  readonly door: DoorName;
  readonly port: number;

  constructor(door: DoorName, port: number) {
    super(
      `port ${port}, for ${door}, is taken, by another "orrery up" perhaps: stop that one, or start this one with --port ${port + 100} ` +
        '(the first of four in a row) or --port 0 (free ones)',
    );
    this.door = door;
    this.port = port;
  }
}

export class Doors {
  readonly #network: Network;
  readonly #host: string;
  readonly #firstPort: number;
  readonly #open: Listener[] = [];

  /** `firstPort` 0 takes free ports. */
  constructor(network: Network, host: string, firstPort: number) {
    this.#network = network;
    this.#host = host;
    this.#firstPort = firstPort;
  }

  /** Rejects with a PortTakenError. */
  async open(name: DoorName, handler: HttpHandler, tls?: ServerTls): Promise<Listener> {
    const port = this.#firstPort === 0 ? 0 : this.#firstPort + doorNames.indexOf(name);
    try {
      const door = await this.#network.listen(`${this.#host}:${port}`, handler, tls ? { tls } : {});
      this.#open.push(door);
      return door;
    } catch (error) {
      throw error instanceof AddressInUseError ? new PortTakenError(name, port) : error;
    }
  }

  /** Cuts all connections; the second time nothing is left to do. */
  async close(): Promise<void> {
    for (const door of this.#open.splice(0)) await door.close();
  }
}
