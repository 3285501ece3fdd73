/**
 * The logs of a run's attempts behind one another: each begins on a line of its own, as they stand in managed content.
 */

const lineFeed = 0x0a;

export class Attempts {
  #attempt: string | undefined;
  #endsLine = true;

  /**
   * What stands between all that was there before and these bytes of an attempt: a line feed where another attempt
   * ended without one, else nothing.
   */
  before(attempt: string, bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0) return none;
    const isGlued = attempt !== this.#attempt && !this.#endsLine;
    this.#attempt = attempt;
    this.#endsLine = bytes.at(-1) === lineFeed;
    return isGlued ? separator : none;
  }
}

const none = Buffer.alloc(0);
const separator = Buffer.from([lineFeed]);
