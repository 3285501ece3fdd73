/**
 * Waiting between tries: twice as long each time up to a cap, with a fifth of chance so that many do not return at
 * once.
 */
import type { World } from '../../../world/world.ts';

const baseMs = 500;
const capMs = 10_000;

export class Backoff {
  readonly #world: World;
  #tries = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Waits; rejects with the signal's reason. */
  async wait(signal: AbortSignal): Promise<void> {
    const chance = this.#world.random.stream('log shipping back-off').next();
    const delayMs = Math.min(capMs, baseMs * 2 ** this.#tries) * (0.9 + chance * 0.2);
    this.#tries += 1;
    await this.#world.clock.sleep(Math.round(delayMs), signal);
  }

  /** After progress the next wait is short again. */
  reset(): void {
    this.#tries = 0;
  }
}
