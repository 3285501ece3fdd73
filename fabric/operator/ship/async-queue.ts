/**
 * Events of several sources for one reader, in the order in which they come. A race of promises would do the same, and
 * hold on to each event that has gone by for as long as one of the others has not come.
 */
export class AsyncQueue<T> {
  readonly #events: T[] = [];
  #reader: ((event: T) => void) | undefined;

  put(event: T): void {
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader) reader(event);
    else this.#events.push(event);
  }

  /** The next event, when it is there. One reader at a time. */
  take(): Promise<T> {
    return new Promise((resolve) => {
      if (this.#events.length > 0) resolve(this.#events.shift() as T);
      else this.#reader = resolve;
    });
  }
}
