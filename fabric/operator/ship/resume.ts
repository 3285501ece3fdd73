/**
 * Reading on after a break: which lines of a new stream are stored already. The first way counts: from `sinceTime` on
 * the stream repeats a known number of lines. When the log was rotated meanwhile the count is off: the last stored line
 * is then looked for by its time and end, and if it is gone too, the gap is known and named.
 */
import { compareInstants, type Instant, parseInstant } from '../../podlog/instant.ts';
import type { Piece } from '../../podlog/scanner.ts';
import type { LogStand } from './content-client.ts';

export type ResumeWay = 'count' | 'match' | 'from';

/** The stream must be read once more in another way. */
export class WrongWayError extends Error {
  override readonly name = 'WrongWayError';
  readonly next: ResumeWay;

  constructor(next: ResumeWay) {
    super(`the log does not go on where it was left: reading again by "${next}"`);
    this.next = next;
  }
}

/** Longest end of a line that is compared. */
export const lineEndBytes = 128;

const takeNothing = -1;

export class ResumeFilter {
  readonly #way: ResumeWay;
  readonly #stand: LogStand;
  readonly #last: Instant | undefined;
  readonly #lastLineEnd: Buffer | undefined;
  #seenLines = 0;
  #sawLastInstant = false;
  #lineEnd: Buffer = Buffer.alloc(0);
  /** What is stored of a line that was cut in the middle: to be left out behind the last whole line. */
  #partialLeft = 0;
  #isAtPartial = false;
  /**
   * The stream begins inside a line that is older than its first second: what is left of it has no time, and was read
   * before.
   */
  #isInOldLine: boolean;
  #isDone = false;
  /** Set when lines are known to be lost before the first one taken. */
  gapReason: string | undefined;

  constructor(way: ResumeWay, stand: LogStand) {
    this.#way = way;
    this.#stand = stand;
    this.#last = stand.lastTimestamp === undefined ? undefined : parseInstant(stand.lastTimestamp);
    this.#lastLineEnd = stand.lastLineEnd === undefined ? undefined : Buffer.from(stand.lastLineEnd, 'base64');
    this.#isInOldLine = stand.resume !== undefined;
    if (this.#skipLines === 0) this.#foundLast();
  }

  /** True when every further piece is new. */
  get isDone(): boolean {
    return this.#isDone;
  }

  get #skipLines(): number {
    return this.#stand.resume?.skipLines ?? 0;
  }

  /** Where the piece is to be taken from: an index into its bytes, or -1 for not at all. */
  accept(piece: Piece): number {
    if (this.#isDone) return piece.start;
    if (this.#isInOldLine && this.#passOldLine(piece)) return takeNothing;
    if (this.#isAtPartial) return this.#skipPartial(piece);
    if (this.#way === 'count') return this.#count(piece);
    return this.#way === 'match' ? this.#match(piece) : this.#from(piece);
  }

  /** The stream ended before anything new came; WrongWayError when it must be read otherwise. */
  endOfStream(): void {
    if (this.#isDone || this.#isAtPartial) return;
    if (this.#way === 'count' && this.#seenLines < this.#skipLines) throw new WrongWayError('match');
    if (this.#way === 'match' && this.#sawLastInstant) throw new WrongWayError('from');
  }

  /** A kubelet leaves out the records before `sinceTime`, and prints a time only where a line begins. */
  #passOldLine(piece: Piece): boolean {
    const isPassed = piece.instant === undefined;
    this.#isInOldLine = isPassed && !piece.endsLine;
    return isPassed;
  }

  #count(piece: Piece): number {
    if (this.#seenLines === 0 && piece.beginsLine) this.#checkFirst(piece);
    if (this.#seenLines === this.#skipLines - 1) this.#rememberEnd(piece);
    if (!piece.endsLine) return takeNothing;
    this.#seenLines += 1;
    if (this.#seenLines < this.#skipLines) return takeNothing;
    if (!this.#isLastLine(piece)) throw new WrongWayError('match');
    this.#foundLast();
    return takeNothing;
  }

  /** Everything behind here is new, but for the beginning of a line that was cut. */
  #foundLast(): void {
    this.#partialLeft = this.#stand.partialBytes;
    this.#isAtPartial = this.#partialLeft > 0;
    this.#isDone = !this.#isAtPartial;
  }

  #checkFirst(piece: Piece): void {
    const expected = parseInstant(this.#stand.resume?.firstTimestamp ?? '');
    if (!expected || !piece.instant || compareInstants(expected, piece.instant) !== 0) throw new WrongWayError('match');
  }

  /** Leaves out what is stored of a line that was cut in the middle. */
  #skipPartial(piece: Piece): number {
    const length = piece.end - piece.textStart;
    if (length <= this.#partialLeft && !piece.endsLine) {
      this.#partialLeft -= length;
      return takeNothing;
    }
    const start = piece.textStart + Math.min(this.#partialLeft, length - 1);
    this.#partialLeft = 0;
    this.#isDone = true;
    return start;
  }

  #match(piece: Piece): number {
    const order = this.#orderOf(piece);
    if (order > 0) {
      if (this.#sawLastInstant) throw new WrongWayError('from');
      return this.#takeBehindGap(piece);
    }
    if (order === 0) {
      this.#sawLastInstant = true;
      this.#rememberEnd(piece);
      if (piece.endsLine && this.#isLastLine(piece)) this.#foundLast();
    }
    return takeNothing;
  }

  #from(piece: Piece): number {
    return this.#orderOf(piece) < 0 ? takeNothing : this.#takeBehindGap(piece);
  }

  #takeBehindGap(piece: Piece): number {
    this.#isDone = true;
    const at = piece.instant ? new Date(piece.instant.seconds * 1000).toISOString() : 'an unknown time';
    this.gapReason = `the log was rotated before it was read on: the first line available is of ${at}, those before it may have been lost`;
    return piece.start;
  }

  #orderOf(piece: Piece): number {
    if (!this.#last || !piece.instant) return 1;
    return compareInstants(piece.instant, this.#last);
  }

  #rememberEnd(piece: Piece): void {
    const text = piece.bytes.subarray(piece.textStart, piece.endsLine ? piece.end - 1 : piece.end);
    const joined = piece.beginsLine ? text : Buffer.concat([this.#lineEnd, text]);
    this.#lineEnd = Buffer.from(joined.subarray(Math.max(0, joined.length - lineEndBytes)));
  }

  #isLastLine(piece: Piece): boolean {
    if (this.#orderOf(piece) !== 0) return false;
    return this.#lastLineEnd === undefined || this.#lastLineEnd.equals(this.#lineEnd);
  }
}
