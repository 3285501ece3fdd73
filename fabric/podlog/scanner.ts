/**
 * Cuts what the pod log API sends with `timestamps=true` into pieces of lines, without copying: one piece a line, more
 * when a line is spread over several chunks. Memory: the head of one line.
 */
import { type Instant, InstantReader } from './instant.ts';

const none = Buffer.alloc(0);
const lineFeed = 0x0a;
const space = 0x20;
/** Of a time with all its decimals, in UTC: nearly every time is so. */
const timeBytes = 30;
/** Longer than any time that the log API prints; of a chunk so much at most is kept for the next. */
export const headBytesMaximum = 64;

export interface Piece {
  /** The piece is `bytes` [start, end), with the time when it begins a line and with the line feed when it ends one. */
  readonly bytes: Buffer;
  readonly start: number;
  /** Where the line's text begins, behind the time. */
  readonly textStart: number;
  readonly end: number;
  readonly beginsLine: boolean;
  readonly endsLine: boolean;
  /** Time of the line; undefined when it has none: its head was cut. */
  readonly instant: Instant | undefined;
}

export class LogScanner {
  readonly #instants = new InstantReader();
  #head: Buffer = none;
  #instant: Instant | undefined;
  #isInLine: boolean;

  /** `isInLine`: the first byte continues a line. */
  constructor(isInLine = false) {
    this.#isInLine = isInLine;
  }

  /** Hands on all pieces of a chunk. The chunk must not change afterwards. */
  push(chunk: Buffer, onPiece: (piece: Piece) => void): void {
    const bytes = this.#head.length > 0 ? Buffer.concat([this.#head, chunk]) : chunk;
    this.#head = none;
    for (let start = 0; start < bytes.length; ) {
      const beginsLine = !this.#isInLine;
      const textStart = beginsLine ? this.#readHead(bytes, start) : start;
      if (textStart < 0) {
        this.#head = bytes.subarray(start);
        return;
      }
      const lineFeedAt = bytes.indexOf(lineFeed, textStart);
      const end = lineFeedAt < 0 ? bytes.length : lineFeedAt + 1;
      this.#isInLine = lineFeedAt < 0;
      onPiece({ bytes, start, textStart, end, beginsLine, endsLine: lineFeedAt >= 0, instant: this.#instant });
      start = end;
    }
  }

  /** Where the text begins; -1 when the head is not whole yet. */
  #readHead(bytes: Buffer, start: number): number {
    if (bytes[start + timeBytes] === space) {
      this.#instant = this.#instants.read(bytes, start, start + timeBytes);
      if (this.#instant) return start + timeBytes + 1;
    }
    const spaceAt = bytes.indexOf(space, start);
    const isShort = spaceAt < 0 && bytes.length - start < headBytesMaximum;
    if (isShort && bytes.indexOf(lineFeed, start) < 0) return -1;
    this.#instant = spaceAt < 0 ? undefined : this.#instants.read(bytes, start, spaceAt);
    return this.#instant ? spaceAt + 1 : start;
  }
}
