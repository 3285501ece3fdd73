/**
 * Brings environments up a few at a time, and lets none begin while others still come up: that would slow down what is
 * judged.
 */
export class Together {
  readonly #width: number;
  readonly #turns: (() => void)[] = [];
  readonly #waiting: (() => void)[] = [];
  #active = 0;
  #rising = 0;

  /** At most `width` come up at once. */
  constructor(width: number) {
    this.#width = width;
  }

  /** Settles with the work, which begins when it is its turn. */
  async raise<T>(work: () => Promise<T>): Promise<T> {
    this.#rising += 1;
    try {
      await this.#turn();
      return await work();
    } finally {
      this.#active -= 1;
      this.#turns.shift()?.();
      this.#rising -= 1;
      if (this.#rising === 0) for (const go of this.#waiting.splice(0)) go();
    }
  }

  /** Resolves when nobody is coming up. */
  async all(): Promise<void> {
    if (this.#rising > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async #turn(): Promise<void> {
    if (this.#active >= this.#width) await new Promise<void>((resolve) => this.#turns.push(resolve));
    this.#active += 1;
  }
}
