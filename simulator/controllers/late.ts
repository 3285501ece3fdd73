/**
 * A controller that is made when it is needed first, since its caches and watches cost something even where there is
 * nothing to do.
 */
import type { World } from '../../world/world.ts';

export interface Controller {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface LateOptions {
  readonly world: World;
  make(): Controller;
  /** Calls back when it is needed; what is returned gives that up. */
  whenNeeded(begin: () => void): () => void;
}

export class LateController implements Controller {
  readonly #options: LateOptions;
  #cancel = () => {};
  #running: Controller | undefined;
  #stopped = false;

  constructor(options: LateOptions) {
    this.#options = options;
  }

  /** Resolves at once. */
  async start(): Promise<void> {
    // Not within the write that calls for it: its own first requests are to come after that.
    const { world, whenNeeded } = this.#options;
    this.#cancel = whenNeeded(() => void world.clock.after(0, () => this.#begin()));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running?.stop();
  }

  #begin(): void {
    if (this.#stopped) return;
    this.#running = this.#options.make();
    void this.#running.start();
  }
}
