/**
 * Buffers for the text of segments, used again: a large log would else leave each segment to the garbage collector,
 * which lets tens of megabytes of them gather before it looks.
 */

/** Smaller ones are not worth keeping. */
const keptBytesMinimum = 256 * 1024;
const keptMaximum = 2;

export class SegmentBuffers {
  readonly #free: Buffer[] = [];

  /** At least so many bytes, with anything in them. */
  take(bytes: number): Buffer {
    const at = this.#free.findIndex((buffer) => buffer.length >= bytes);
    const [found] = at < 0 ? [] : this.#free.splice(at, 1);
    return found ?? Buffer.allocUnsafeSlow(bytes);
  }

  /** Nobody may look at the bytes any more. */
  giveBack(buffer: Buffer): void {
    if (buffer.length < keptBytesMinimum) return;
    this.#free.push(buffer);
    if (this.#free.length > keptMaximum) this.#free.shift();
  }
}
