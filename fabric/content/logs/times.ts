/**
 * The time of each line as two small signed numbers, seconds and nanoseconds since the line before: 2 to 7 bytes a
 * line.
 */
import type { Instant } from '../../podlog/instant.ts';

/** Appends one line's time to `target` at `position`; the position behind it. Needs at most `timeBytesMaximum`. */
export function writeTime(target: Buffer, position: number, before: Instant, time: Instant): number {
  const next = writeSigned(target, position, time.seconds - before.seconds);
  return writeSigned(target, next, time.nanoseconds - before.nanoseconds);
}

export const timeBytesMaximum = 16;

/** Zigzag in base 128: small numbers of either sign take one byte. */
function writeSigned(target: Buffer, position: number, value: number): number {
  let rest = value >= 0 ? value * 2 : -value * 2 - 1;
  let next = position;
  while (rest >= 128) {
    target[next++] = (rest % 128) + 128;
    rest = Math.floor(rest / 128);
  }
  target[next++] = rest;
  return next;
}

/** Reads times one after another from a stream of bytes. */
export class TimeReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);
  #position = 0;
  #last: Instant;

  /** `before` is the time of the line before the first one in the stream. */
  constructor(stream: AsyncIterable<Buffer>, before: Instant) {
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#last = before;
  }

  /** The next line's time; undefined at the end. */
  async next(): Promise<Instant | undefined> {
    const seconds = await this.#signed();
    const nanoseconds = seconds === undefined ? undefined : await this.#signed();
    if (seconds === undefined || nanoseconds === undefined) return undefined;
    this.#last = { seconds: this.#last.seconds + seconds, nanoseconds: this.#last.nanoseconds + nanoseconds };
    return this.#last;
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #signed(): Promise<number | undefined> {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      if (this.#position >= this.#chunk.length && !(await this.#fill())) return undefined;
      const byte = this.#chunk[this.#position++] ?? 0;
      value += (byte % 128) * factor;
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }

  async #fill(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done) return false;
    this.#chunk = next.value;
    this.#position = 0;
    return this.#chunk.length > 0 || this.#fill();
  }
}

/**
 * Reads times one after another from bytes that are all there; undefined at the end. `before` is the time of the line
 * before the first.
 */
export function timesIn(bytes: Buffer, before: Instant): () => Instant | undefined {
  let position = 0;
  let last = before;
  const signed = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[position++] ?? 0;
      value += (byte % 128) * factor;
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  };
  return () => {
    if (position >= bytes.length) return undefined;
    last = { seconds: last.seconds + signed(), nanoseconds: last.nanoseconds + signed() };
    return last;
  };
}
