/**
 * Whether a simulated process lives. Promises cannot be killed: what a dead process still waits for must never settle,
 * and what others would still call in it must do nothing. Everything that can outlive its process goes through its
 * Life.
 */
export class Life {
  readonly #atEnd = new Set<() => void>();
  #isAlive = true;

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Settles as `work` does, unless the process has ended by then. */
  promise<T>(work: PromiseLike<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then(
        (value) => {
          if (this.#isAlive) resolve(value);
        },
        (error) => {
          if (this.#isAlive) reject(error);
        },
      );
    });
  }

  /** Begins `operation` only while the process lives; after its end the promise never settles. */
  perform<T>(operation: () => PromiseLike<T>): Promise<T> {
    return this.#isAlive ? this.promise(operation()) : never();
  }

  /** Calls through to `callback` while the process lives, later does nothing. */
  callback<Parameters extends readonly unknown[]>(
    callback: (...parameters: Parameters) => void,
  ): (...parameters: Parameters) => void {
    return (...parameters) => {
      if (this.#isAlive) callback(...parameters);
    };
  }

  /** Passes items on while the process lives; after its end the reader waits for ever. */
  async *stream<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
    const iterator = source[Symbol.asyncIterator]();
    let isComplete = false;
    try {
      for (;;) {
        const { done, value } = await this.perform(() => iterator.next());
        isComplete = done === true;
        if (done) return;
        yield value;
      }
    } finally {
      if (!isComplete) await iterator.return?.();
    }
  }

  /**
   * Calls `listener` when the process ends: what serves it from outside lets go of it there. Returns how to take it
   * back.
   */
  onEnd(listener: () => void): () => void {
    this.#atEnd.add(listener);
    return () => this.#atEnd.delete(listener);
  }

  /** Ends this life; a second time does nothing. */
  end(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    for (const listener of this.#atEnd) listener();
    this.#atEnd.clear();
  }
}

/** A promise that never settles. */
export function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
