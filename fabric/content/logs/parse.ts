/**
 * Turns lines as the pod log API prints them (time, space, text) into text without times, packed times and index entries.
 * Works chunk by chunk in memory of fixed size: chunk borders may fall anywhere, and a line may be longer than any buffer.
 */

import { type Instant, InstantReader } from '../../podlog/instant.ts';
import { indexStepBytes } from './index.ts';
import { type Position, textBytes } from './position.ts';
import { timeBytesMaximum, writeTime } from './times.ts';

const lineFeed = 0x0a;
const space = 0x20;
/** Longer than any time that the log API prints. */
const prefixBytesMaximum = 64;

/** What is ready to be stored, and where the log stands after it. */
export interface Segment {
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
  readonly #instants = new InstantReader();
  #position: Mutable<Position>;
  #text: Buffer[] = [];
  #textBytes = 0;
  #times: Buffer = Buffer.alloc(4096);
  #timesLength = 0;
  #entries: Position[] = [];
  #entryAtBytes: number;
  /** The beginning of a line whose time is not whole yet. */
  #prefix: Buffer = Buffer.alloc(0);
  #isInLine: boolean;

  /** `isInLine`: the first byte continues the line that is not whole yet. */
  constructor(from: Position, isInLine: boolean) {
    this.#position = { ...from };
    this.#entryAtBytes = from.lineStart;
    this.#isInLine = isInLine;
  }

  /** Bytes of text that wait to be taken. */
  get waitingBytes(): number {
    return this.#textBytes;
  }

  push(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#prefix.length > 0) {
      bytes = Buffer.concat([this.#prefix, chunk]);
      this.#prefix = Buffer.alloc(0);
    }
    const kept: number[] = [];
    let start = 0;
    while (start < bytes.length) {
      const textStart = this.#isInLine ? start : this.#readPrefix(bytes, start);
      if (textStart < 0) {
        this.#prefix = Buffer.from(bytes.subarray(start));
        break;
      }
      const lineFeedAt = bytes.indexOf(lineFeed, textStart);
      const end = lineFeedAt < 0 ? bytes.length : lineFeedAt + 1;
      kept.push(textStart, end);
      this.#position.partialBytes += end - textStart;
      this.#isInLine = lineFeedAt < 0;
      if (lineFeedAt >= 0) this.#endLine();
      start = end;
    }
    this.#keep(bytes, kept);
  }

  /** Ends a line that has none: a line feed between two sources. */
  separate(): void {
    if (this.#position.unterminated === 0 && this.#position.partialBytes === 0) return;
    this.#text.push(Buffer.from('\n'));
    this.#textBytes += 1;
    if (this.#position.partialBytes > 0) {
      this.#position.partialBytes += 1;
      this.#endLine();
    } else {
      this.#position.lineStart += 1;
    }
    this.#position.unterminated = 0;
    this.#isInLine = false;
  }

  /** Counts what stands behind the last line feed as a line of its own, exactly as it is. */
  finish(): void {
    if (this.#position.partialBytes === 0) return;
    this.#endLine();
    this.#position.unterminated = 1;
    this.#isInLine = false;
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
      text: this.#text.length === 1 ? (this.#text[0] as Buffer) : Buffer.concat(this.#text),
      times: Buffer.from(this.#times.subarray(0, this.#timesLength)),
      entries: [...this.#entries, this.position],
    };
    this.#text = [];
    this.#textBytes = 0;
    this.#timesLength = 0;
    this.#entries = [];
    this.#entryAtBytes = textBytes(this.#position);
    return segment;
  }

  /** Where the text begins behind the time; -1 when the time is not whole yet. */
  #readPrefix(bytes: Buffer, start: number): number {
    const spaceAt = bytes[start + 30] === space ? start + 30 : bytes.indexOf(space, start);
    const found = spaceAt < 0 ? bytes.length - start : spaceAt - start;
    if (spaceAt < 0 && found < prefixBytesMaximum && bytes.indexOf(lineFeed, start) < 0) return -1;
    const instant = spaceAt < 0 ? undefined : this.#instants.read(bytes, start, spaceAt);
    if (!instant) {
      throw new LogFormatError(this.#position.lines, bytes.toString('utf8', start, start + Math.min(found, 40)));
    }
    this.#beginLine(instant);
    return spaceAt + 1;
  }

  #beginLine(instant: Instant): void {
    this.#position.pending = instant;
    this.#isInLine = true;
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

  /** Copies the pieces of text out of a chunk that the caller may reuse: one allocation a chunk. */
  #keep(bytes: Buffer, pieces: readonly number[]): void {
    let total = 0;
    for (let index = 0; index < pieces.length; index += 2) total += (pieces[index + 1] ?? 0) - (pieces[index] ?? 0);
    if (total === 0) return;
    const text = Buffer.allocUnsafe(total);
    let at = 0;
    for (let index = 0; index < pieces.length; index += 2) at += bytes.copy(text, at, pieces[index], pieces[index + 1]);
    this.#text.push(text);
    this.#textBytes += total;
  }
}
