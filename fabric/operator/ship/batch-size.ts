/**
 * How large a batch may grow: one log alone gets large ones, which cost its store fewer requests and, in S3, are joined
 * on the server in the end; many share the memory. A log that grows slowly is sent every second, however small its
 * batch is.
 */

/** With lines of a hundred bytes more than 5 MiB of text; with a chunk more it still fits a buffer of 8 MiB. */
const bytesMaximum = 7.5 * 1024 * 1024;
const bytesMinimum = 1024 * 1024;

export class BatchSize {
  readonly #memoryBytes: number;
  #streams = 0;

  /**
   * Of each stream one batch is on its way and one is gathered: `memoryBytes` is for all these together, but for the
   * least size.
   */
  constructor(memoryBytes: number) {
    this.#memoryBytes = memoryBytes;
  }

  get bytes(): number {
    const share = Math.floor(this.#memoryBytes / (2 * Math.max(1, this.#streams)));
    return Math.min(bytesMaximum, Math.max(bytesMinimum, share));
  }

  /** One stream more; the function takes it away. */
  join(): () => void {
    this.#streams += 1;
    return () => {
      this.#streams -= 1;
    };
  }
}
