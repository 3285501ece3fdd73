/**
 * Where the server listens, and its going down and coming back: a restart as clients see it, without the loss of any
 * state.
 */
import type { HttpHandler, Listener } from '../../../world/network.ts';
import type { World } from '../../../world/world.ts';

/** A restart was asked of a server that somebody else listens for. */
export class NotListeningError extends Error {
  override readonly name = 'NotListeningError';

  constructor() {
    super('this API server does not listen by itself and cannot be restarted: serve it with listen()');
  }
}

export class ServerFront {
  readonly #world: World;
  readonly #handler: HttpHandler;
  /** What holds the server down at present. */
  readonly #outages = new Set<object>();
  #address: string | undefined;
  #listener: Listener | undefined;

  constructor(world: World, handler: HttpHandler) {
    this.#world = world;
    this.#handler = handler;
  }

  async listen(address: string): Promise<Listener> {
    this.#listener = await this.#world.network.listen(address, this.#handler);
    const { url } = this.#listener;
    this.#address = address.endsWith(':0') ? address.replace(/0$/, new URL(url).port) : address;
    return { url, close: () => this.#close() };
  }

  /**
   * Resets what is open and refuses connections for so long, or until the returned function is called; `onBack` is
   * called just before the server listens again.
   */
  restart(downMs: number, onBack: () => void): () => void {
    if (this.#address === undefined) throw new NotListeningError();
    const outage = {};
    this.#outages.add(outage);
    void this.#listener?.close();
    this.#listener = undefined;
    const comeBack = () => {
      if (!this.#outages.delete(outage) || this.#outages.size > 0 || this.#address === undefined) return;
      onBack();
      void this.#open(this.#address);
    };
    this.#world.clock.after(downMs, comeBack);
    return comeBack;
  }

  async #open(address: string): Promise<void> {
    const listener = await this.#world.network.listen(address, this.#handler);
    if (this.#address === undefined || this.#outages.size > 0) await listener.close();
    else this.#listener = listener;
  }

  async #close(): Promise<void> {
    this.#address = undefined;
    await this.#listener?.close();
  }
}
