/**
 * The last line that the cluster still has. The log API counts records, not lines: of a line in several parts, as
 * runtimes keep long ones, the last part comes alone, with a time of its own. So more records are asked for until the
 * line is there from its beginning. (Upstream: cri-client/pkg/logs, findTailLineStartIndex and ReadLogs.)
 */
import { compareInstants, type Instant } from '../../podlog/instant.ts';
import type { Piece } from '../../podlog/scanner.ts';
import { lineEndBytes } from './resume.ts';

/** Enough of a line to know it again. */
export interface LastLine {
  readonly instant: Instant | undefined;
  /** Its last bytes, without the line feed. */
  readonly end: Buffer;
}

/** The end of a log, as many records as were asked for. */
export interface LogTail {
  readonly last: LastLine | undefined;
  /** Whether other lines come before the last one: then this is there from its beginning. */
  readonly hasLinesBefore: boolean;
  readonly bytes: number;
}

/** The first answer mostly has the line before the last one too. */
const recordsFirst = 2;
/** Each further look costs this much more: together less than a third of the last one. */
const growth = 4;

/**
 * The last line, whole; undefined when there is none. `tail` reads so many records of a log that does not grow any
 * more. A line that `stored` is the same as is not looked at further.
 */
export async function wholeLastLine(
  tail: (records: number) => Promise<LogTail>,
  stored: LastLine | undefined,
): Promise<LastLine | undefined> {
  let seen = await tail(recordsFirst);
  for (let records = recordsFirst * growth; !isKnown(seen, stored); records *= growth) {
    const more = await tail(records);
    // No more records are left: the line begins where the log does.
    if (more.bytes <= seen.bytes) return more.last;
    seen = more;
  }
  return seen.last;
}

function isKnown({ last, hasLinesBefore }: LogTail, stored: LastLine | undefined): boolean {
  return last === undefined || hasLinesBefore || (stored !== undefined && isSameLine(last, stored));
}

/**
 * Whether a line that is stored is one that the cluster has. One whose beginning was cut has no time: its end has to
 * do.
 */
export function isSameLine(available: LastLine, stored: LastLine): boolean {
  if (!available.end.equals(stored.end)) return false;
  if (!available.instant || !stored.instant) return !stored.instant;
  return compareInstants(available.instant, stored.instant) === 0;
}

const none = Buffer.alloc(0);

/** Remembers the last line that went by, at the cost of a reference a line. */
export class LastLineTracker {
  #piece: Piece | undefined;
  /** Text of the same line before the last piece. */
  #before: Buffer = none;
  #hasLinesBefore = false;
  #bytes = 0;

  see(piece: Piece): void {
    this.#bytes += piece.end - piece.start;
    this.#hasLinesBefore ||= piece.beginsLine && this.#piece !== undefined;
    this.#before = piece.beginsLine || !this.#piece ? none : this.#end(this.#piece);
    this.#piece = piece;
  }

  last(): LastLine | undefined {
    return this.#piece && { instant: this.#piece.instant, end: this.#end(this.#piece) };
  }

  /** Whether other lines went by before the last one. */
  get hasLinesBefore(): boolean {
    return this.#hasLinesBefore;
  }

  /** All bytes that went by. */
  get bytes(): number {
    return this.#bytes;
  }

  #end(piece: Piece): Buffer {
    const text = piece.bytes.subarray(piece.textStart, piece.endsLine ? piece.end - 1 : piece.end);
    const joined = this.#before.length > 0 ? Buffer.concat([this.#before, text]) : text;
    return Buffer.from(joined.subarray(Math.max(0, joined.length - lineEndBytes)));
  }
}
