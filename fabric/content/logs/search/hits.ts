/** Where a text stands in a stream of bytes: one hit a line, found without cutting the bytes into lines. */
import type { TextPattern } from './text-pattern.ts';

const lineFeed = 0x0a;
const none = Buffer.alloc(0);

/**
 * Of each chunk the offsets of its hits, the first of each line, perhaps none. `offset` is that of the stream's first
 * byte, which begins a line. Chunks may change when the next is asked for.
 */
export async function* hitsIn(
  stream: AsyncIterable<Buffer>,
  offset: number,
  pattern: TextPattern,
  signal?: AbortSignal,
): AsyncGenerator<number[]> {
  const finder = new HitFinder(offset, pattern);
  for await (const chunk of stream) {
    signal?.throwIfAborted();
    yield finder.push(chunk);
  }
}

class HitFinder {
  readonly #pattern: TextPattern;
  /** Of the chunk to come. */
  #offset: number;
  /** The last bytes before it: a hit may begin there. */
  #carried: Buffer = none;
  /** From where on the text is looked for, or, with `isInHit`, the end of the line that has a hit. */
  #from: number;
  #isInHit = false;

  constructor(offset: number, pattern: TextPattern) {
    this.#offset = offset;
    this.#from = offset;
    this.#pattern = pattern;
  }

  push(chunk: Buffer): number[] {
    const hits: number[] = [];
    const reach = this.#pattern.bytesMaximum - 1;
    const carried = this.#carried.length;
    if (carried > 0) {
      const border = Buffer.concat([this.#carried, chunk.subarray(0, reach)]);
      this.#look(border, this.#offset - carried, carried, hits);
    }
    this.#look(chunk, this.#offset, chunk.length, hits);
    const last = chunk.length >= reach ? chunk : Buffer.concat([this.#carried, chunk]);
    this.#carried = Buffer.from(last.subarray(Math.max(0, last.length - reach)));
    this.#offset += chunk.length;
    return hits;
  }

  /** Adds the hits that begin before `bytes[beginBefore]`. */
  #look(bytes: Buffer, offset: number, beginBefore: number, hits: number[]): void {
    const find = this.#pattern.within(bytes);
    for (;;) {
      const from = Math.max(0, this.#from - offset);
      if (this.#isInHit) {
        const lineFeedAt = bytes.indexOf(lineFeed, from);
        if (lineFeedAt < 0) return;
        this.#from = offset + lineFeedAt + 1;
        this.#isInHit = false;
        continue;
      }
      const at = from < beginBefore ? find(from) : -1;
      if (at < 0 || at >= beginBefore) return;
      hits.push(offset + at);
      this.#from = offset + at;
      this.#isInHit = true;
    }
  }
}
