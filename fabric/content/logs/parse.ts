/**
 * Turns lines as the pod log API prints them (time, space, text) into text without times, packed times and index
 * entries. Works chunk by chunk in memory of fixed size: chunk borders may fall anywhere, and a line may be longer than
 * any buffer.
 */

import type { Instant } from '../../podlog/instant.ts';
import { headBytesMaximum, LogScanner, type Piece } from '../../podlog/scanner.ts';
import { indexStepBytes } from './index.ts';
import { type Position, textBytes } from './position.ts';
import { timeBytesMaximum, writeTime } from './times.ts';

const lineFeed = 0x0a;
/** Of a line that has no time, so much is shown. */
const shownBytes = 40;

/** What is ready to be stored, and where the log stands after it. */
export interface Segment {
  /** Good until the parser gets more. */
  readonly text: Buffer;
  readonly times: Buffer;
  readonly entries: readonly Position[];
}

export class LogFormatError extends Error {
  override readonly name = 'LogFormatError';
  readonly line: number;

  constructor(line: number, found: string) {
    super(`line ${line} begins with ${JSON.stringify(found)}: expected an RFC 3339 time and a space`);
    this.line = line;
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export class LogParser {
  readonly #scanner: LogScanner;
  #position: Mutable<Position>;
  #text: Buffer;
  #textBytes = 0;
  #times: Buffer = Buffer.alloc(4096);
  #timesLength = 0;
  #entries: Position[] = [];
  #entryAtBytes: number;

  /**
   * `isInLine`: the first byte continues the line that is not whole yet. The text is gathered in `buffer`, or in a
   * larger one when it is full.
   */
  constructor(from: Position, isInLine: boolean, buffer: Buffer = Buffer.alloc(0)) {
    this.#text = buffer;
    this.#position = { ...from };
    this.#entryAtBytes = from.lineStart;
    this.#scanner = new LogScanner(isInLine);
  }

  /** Bytes of text that wait to be taken. */
  get waitingBytes(): number {
    return this.#textBytes;
  }

  /** Where the text is gathered, to be used again when the parser is not. */
  get buffer(): Buffer {
    return this.#text;
  }

  push(chunk: Buffer): void {
    this.#makeRoom(chunk.length + headBytesMaximum);
    this.#scanner.push(chunk, (piece) => {
      if (piece.beginsLine) this.#beginLine(piece);
      this.#position.partialBytes += piece.end - piece.textStart;
      if (piece.endsLine) this.#endLine();
      this.#textBytes += piece.bytes.copy(this.#text, this.#textBytes, piece.textStart, piece.end);
    });
  }

  /** Ends a line that has none: a line feed between two sources. */
  separate(): void {
    if (this.#position.unterminated === 0 && this.#position.partialBytes === 0) return;
    this.#makeRoom(1);
    this.#text[this.#textBytes++] = lineFeed;
    if (this.#position.partialBytes > 0) {
      this.#position.partialBytes += 1;
      this.#endLine();
    } else {
      this.#position.lineStart += 1;
    }
    this.#position.unterminated = 0;
  }

  /** Counts what stands behind the last line feed as a line of its own, exactly as it is. */
  finish(): void {
    if (this.#position.partialBytes === 0) return;
    this.#endLine();
    this.#position.unterminated = 1;
  }

  /** A new source begins: its times have nothing to do with those before. */
  beginSource(): void {
    Object.assign(this.#position, { newestSecond: -1, inNewest: 0, inPrevious: 0 });
  }

  get position(): Position {
    return { ...this.#position };
  }

  /** Takes what is ready. Its last entry is the log's state after it. */
  take(): Segment {
    const segment: Segment = {
      text: this.#text.subarray(0, this.#textBytes),
      times: Buffer.from(this.#times.subarray(0, this.#timesLength)),
      entries: [...this.#entries, this.position],
    };
    this.#textBytes = 0;
    this.#timesLength = 0;
    this.#entries = [];
    this.#entryAtBytes = textBytes(this.#position);
    return segment;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#textBytes + bytes;
    if (needed <= this.#text.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#text.length));
    this.#text.copy(larger, 0, 0, this.#textBytes);
    this.#text = larger;
  }

  #beginLine({ bytes, start, end, instant }: Piece): void {
    if (!instant) {
      throw new LogFormatError(this.#position.lines, bytes.toString('utf8', start, Math.min(end, start + shownBytes)));
    }
    this.#position.pending = instant;
  }

  /** Keeps count of whole lines in the newest second and the one before: what a reader that resumes has to skip. */
  #count({ seconds, nanoseconds }: Instant): void {
    const position = this.#position;
    if (seconds === position.newestSecond) {
      position.inNewest += 1;
    } else if (seconds > position.newestSecond) {
      const isNext = seconds === position.newestSecond + 1;
      position.inPrevious = isNext ? position.inNewest : 0;
      position.firstInPrevious = isNext ? position.firstInNewest : 0;
      position.newestSecond = seconds;
      position.inNewest = 1;
      position.firstInNewest = nanoseconds;
    } else if (seconds === position.newestSecond - 1) {
      if (position.inPrevious === 0) position.firstInPrevious = nanoseconds;
      position.inPrevious += 1;
    }
  }

  #endLine(): void {
    const position = this.#position;
    if (this.#timesLength + timeBytesMaximum > this.#times.length) {
      this.#times = Buffer.concat([this.#times], this.#times.length * 2);
    }
    const end = writeTime(this.#times, this.#timesLength, position.last, position.pending);
    position.timesBytes += end - this.#timesLength;
    this.#timesLength = end;
    this.#count(position.pending);
    position.last = position.pending;
    position.lines += 1;
    position.lineStart += position.partialBytes;
    position.partialBytes = 0;
    if (position.lineStart - this.#entryAtBytes >= indexStepBytes) {
      this.#entries.push(this.position);
      this.#entryAtBytes = position.lineStart;
    }
  }
}
