/**
 * Buffers for large answers, used again. A buffer of its own for each of them is memory outside of the heap, of which
 * some 64 MB make the collector go through all of the heap: with a large store that costs more than the answer does.
 */

/** What is smaller is cheap as it is. */
export const largeBytesMin = 64 * 1024;
/** More is not kept for later answers. */
const keptBytesMax = 32 * 1024 * 1024;

export class LargeBuffers {
  /** By size, which is a power of two. */
  readonly #free = new Map<number, Buffer[]>();
  #keptBytes = 0;

  /** The parts as one, in a buffer that belongs to the caller until it is given back. */
  join(parts: readonly Uint8Array[], bytes: number): Buffer {
    const size = sizeFor(bytes);
    const buffer = this.#free.get(size)?.pop();
    if (buffer) this.#keptBytes -= size;
    const whole = buffer ?? Buffer.allocUnsafeSlow(size);
    let offset = 0;
    for (const part of parts) {
      whole.set(part, offset);
      offset += part.length;
    }
    return whole.subarray(0, bytes);
  }

  /** Nobody reads what `join` gave any more. */
  giveBack(joined: Buffer): void {
    const size = joined.buffer.byteLength;
    if (this.#keptBytes + size > keptBytesMax) return;
    this.#keptBytes += size;
    const free = this.#free.get(size) ?? [];
    free.push(Buffer.from(joined.buffer));
    this.#free.set(size, free);
  }
}

/** Few sizes, so that one serves another answer; what is not kept is no larger than it has to be. */
function sizeFor(bytes: number): number {
  return bytes > keptBytesMax ? bytes : 2 ** Math.ceil(Math.log2(bytes));
}
