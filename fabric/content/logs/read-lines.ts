/** Lines of a stored log's text between two noted positions, in memory that a long line does not fill. */
import { LogGoneError } from './index.ts';
import type { Position } from './position.ts';
import type { TextPattern } from './search/text-pattern.ts';
import type { StoredLog } from './stored-log.ts';

const lineFeed = 0x0a;
/** Of a longer line only the beginning is kept. */
const keptBytesMaximum = 64 * 1024;
const none = Buffer.alloc(0);

export interface StoredLine {
  readonly index: number;
  /** Where it begins in the text. */
  readonly start: number;
  /** Bytes, without the line feed. */
  readonly sizeBytes: number;
  /** All of them, or the first 64 KiB. */
  readonly kept: Buffer;
  /** The pattern stands in the line; false without one. */
  readonly matches: boolean;
}

/** The lines from one noted position up to the other, in order, as many at once as come at once. */
export async function* readLines(
  { blobs, keys }: Pick<StoredLog, 'blobs' | 'keys'>,
  from: Position,
  to: Position,
  pattern?: TextPattern,
): AsyncGenerator<StoredLine[]> {
  // The line before may have ended without a line feed: the one that parts it from the next was written with that.
  const start = from.lineStart + (from.unterminated > 0 ? 1 : 0);
  if (start >= to.lineStart && from.lines >= to.lines) return;
  const open = await blobs.get(keys.text, () => ({ start: Math.min(start, to.lineStart), end: to.lineStart }));
  if (!open) throw new LogGoneError(keys.text);
  const cutter = new LineCutter(from.lines, start, pattern);
  for await (const chunk of open.stream) yield cutter.push(chunk);
  if (cutter.index < to.lines) yield [cutter.end()];
}

class LineCutter {
  readonly #pattern: TextPattern | undefined;
  index: number;
  #start: number;
  #pieces: Buffer[] = [];
  #keptBytes = 0;
  #sizeBytes = 0;
  #matches = false;
  /** The end of the line so far: the pattern may begin there. */
  #carried: Buffer = none;

  constructor(index: number, start: number, pattern: TextPattern | undefined) {
    this.index = index;
    this.#start = start;
    this.#pattern = pattern;
  }

  /** The lines that end in the chunk. */
  push(chunk: Buffer): StoredLine[] {
    const lines: StoredLine[] = [];
    const hits = new NextHit(chunk, this.#pattern);
    let start = 0;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, start)) {
      this.#add(chunk.subarray(start, at), hits.isIn(start, at));
      lines.push(this.#take(1));
      start = at + 1;
    }
    this.#add(chunk.subarray(start), hits.isIn(start, chunk.length));
    return lines;
  }

  /** The last line has no line feed. */
  end(): StoredLine {
    return this.#take(0);
  }

  #add(piece: Buffer, hasHit: boolean): void {
    if (piece.length === 0) return;
    this.#matches ||= hasHit || this.#isAtBorder(piece);
    this.#sizeBytes += piece.length;
    const room = keptBytesMaximum - this.#keptBytes;
    if (room <= 0) return;
    const kept = piece.subarray(0, room);
    this.#pieces.push(kept);
    this.#keptBytes += kept.length;
  }

  /** Whether the pattern begins before the piece and reaches into it. */
  #isAtBorder(piece: Buffer): boolean {
    if (!this.#pattern) return false;
    const reach = this.#pattern.bytesMaximum - 1;
    const found = this.#carried.length > 0 && this.#isIn(Buffer.concat([this.#carried, piece.subarray(0, reach)]));
    const last = piece.length >= reach ? piece : Buffer.concat([this.#carried, piece]);
    this.#carried = last.subarray(Math.max(0, last.length - reach));
    return found;
  }

  #isIn(bytes: Buffer): boolean {
    return (this.#pattern?.within(bytes)(0) ?? -1) >= 0;
  }

  #take(lineFeedBytes: number): StoredLine {
    const [only = none, ...more] = this.#pieces;
    const kept = more.length === 0 ? only : Buffer.concat(this.#pieces);
    const [start, sizeBytes, matches] = [this.#start, this.#sizeBytes, this.#matches];
    this.#pieces = [];
    this.#keptBytes = 0;
    this.#sizeBytes = 0;
    this.#matches = false;
    this.#carried = none;
    this.#start = start + sizeBytes + lineFeedBytes;
    return { index: this.index++, start, sizeBytes, kept, matches };
  }
}

/** Hits of a chunk, asked for line by line in order: the chunk is looked through once. */
class NextHit {
  readonly #find: ((from: number) => number) | undefined;
  #at = -1;
  #isOver = false;

  constructor(chunk: Buffer, pattern: TextPattern | undefined) {
    this.#find = pattern?.within(chunk);
  }

  /** A pattern has no line feed: what begins within a line is within it. */
  isIn(start: number, end: number): boolean {
    if (!this.#find || this.#isOver) return false;
    if (this.#at < start) this.#at = this.#find(start);
    this.#isOver = this.#at < 0;
    return !this.#isOver && this.#at < end;
  }
}
