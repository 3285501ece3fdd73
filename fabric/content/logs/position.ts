/**
 * How far a log has come: one entry of its index. The last entry is the log's state, so that text, times and index can
 * be written one after the other by a process that may be killed in between: what lies behind the last entry does not
 * count.
 */
import type { Instant } from '../../podlog/instant.ts';

export interface Position {
  /** Whole lines before this point: also the index of the next line. */
  readonly lines: number;
  /** Where line `lines` begins in the text. */
  readonly lineStart: number;
  /** Bytes of line `lines` that are there already, without its end. */
  readonly partialBytes: number;
  /** Where the time of line `lines` stands in the times. */
  readonly timesBytes: number;
  /** Time of line `lines - 1`. */
  readonly last: Instant;
  /** Time of the line that is not whole yet. */
  readonly pending: Instant;
  /** 1 when line `lines - 1` was the last of its source and had no line feed. */
  readonly unterminated: number;
  /** Latest second of which a line has come from the present source. */
  readonly newestSecond: number;
  /** Lines of the present source in the newest second, in the one before, and the nanoseconds of the first of each. */
  readonly inNewest: number;
  readonly inPrevious: number;
  readonly firstInNewest: number;
  readonly firstInPrevious: number;
}

const epoch: Instant = { seconds: 0, nanoseconds: 0 };

export const startPosition: Position = {
  lines: 0,
  lineStart: 0,
  partialBytes: 0,
  timesBytes: 0,
  last: epoch,
  pending: epoch,
  unterminated: 0,
  newestSecond: -1,
  inNewest: 0,
  inPrevious: 0,
  firstInNewest: 0,
  firstInPrevious: 0,
};

/** All bytes of the text up to here. */
export function textBytes(position: Position): number {
  return position.lineStart + position.partialBytes;
}

export const positionBytes = 14 * 8;

export function encodePosition(position: Position): Buffer {
  const { last, pending } = position;
  const numbers = [
    position.lines,
    position.lineStart,
    position.partialBytes,
    position.timesBytes,
    last.seconds,
    last.nanoseconds,
    pending.seconds,
    pending.nanoseconds,
    position.unterminated,
    position.newestSecond,
    position.inNewest,
    position.inPrevious,
    position.firstInNewest,
    position.firstInPrevious,
  ];
  const bytes = Buffer.alloc(positionBytes);
  for (const [index, number] of numbers.entries()) bytes.writeDoubleLE(number, index * 8);
  return bytes;
}

export function decodePosition(bytes: Buffer): Position {
  const number = (index: number) => bytes.readDoubleLE(index * 8);
  return {
    lines: number(0),
    lineStart: number(1),
    partialBytes: number(2),
    timesBytes: number(3),
    last: { seconds: number(4), nanoseconds: number(5) },
    pending: { seconds: number(6), nanoseconds: number(7) },
    unterminated: number(8),
    newestSecond: number(9),
    inNewest: number(10),
    inPrevious: number(11),
    firstInNewest: number(12),
    firstInPrevious: number(13),
  };
}
