/** Bytes for many readers: whoever sends the same pieces as the one before him sends the very same bytes. */

/** What is larger is not kept. */
const keptBytesMax = 256 * 1024;

export class Joined {
  #parts: readonly Uint8Array[] = [];
  #bytes: Uint8Array = new Uint8Array(0);

  /**
   * The pieces as one; they must not change any more. Made once for all who ask for the same pieces one after another.
   */
  join(parts: readonly Uint8Array[]): Uint8Array {
    const [first] = parts;
    if (parts.length === 1 && first !== undefined) return first;
    if (isSameList(parts, this.#parts)) return this.#bytes;
    const bytes = Buffer.concat(parts);
    if (bytes.length <= keptBytesMax) {
      this.#bytes = bytes;
      this.#parts = [...parts];
    }
    return bytes;
  }
}

function isSameList(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  return one.length === other.length && one.every((part, index) => part === other[index]);
}
