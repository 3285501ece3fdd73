/** What the operator, the gateway and users are told about a stored log. */
import { formatInstant, formatWholeSecond } from '../../podlog/instant.ts';
import { type Position, textBytes } from './position.ts';

/** As the shipper hands it over; content keeps it and looks at no field. */
export type LedgerFacts = Readonly<Record<string, unknown>>;

export interface LogFacts {
  /** Key of the text in managed content. */
  readonly key: string;
  /** Whole lines; the index of the next one. */
  readonly lines: number;
  /** Bytes of text, without times. */
  readonly bytes: number;
  /** Bytes of line `lines` that are there already; 0 when it has not begun. */
  readonly partialBytes: number;
  /** Time of the last whole line. */
  readonly lastTimestamp?: string;
  /** The last bytes of that line (128 at most), base64. Only in the answer to a question, not to a batch. */
  readonly lastLineEnd?: string;
  /**
   * How to read on without loss or repetition: from `sinceTime` on, the first `skipLines` lines are here; the first of
   * them bears `firstTimestamp`. Absent when no line has come from the present source.
   */
  readonly resume?: { readonly sinceTime: string; readonly skipLines: number; readonly firstTimestamp: string };
  readonly complete: boolean;
  readonly ledger?: LedgerFacts;
}

export interface LogState {
  readonly complete: boolean;
  readonly ledger?: LedgerFacts;
}

export function factsOf(key: string, position: Position, state: LogState): LogFacts {
  return {
    key,
    lines: position.lines,
    bytes: textBytes(position),
    partialBytes: position.partialBytes,
    ...(position.lines > 0 ? { lastTimestamp: formatInstant(position.last) } : {}),
    ...resumeOf(position),
    complete: state.complete,
    ...(state.ledger ? { ledger: state.ledger } : {}),
  };
}

/**
 * One second of overlap: the log API cuts `sinceTime` to whole seconds, and lines of stdout and stderr may stand in the
 * file a little out of order. Counting lines is exact where comparing times is not.
 */
function resumeOf(position: Position): Pick<LogFacts, 'resume'> {
  if (position.inNewest === 0) return {};
  const hasPrevious = position.inPrevious > 0;
  const first = hasPrevious
    ? { seconds: position.newestSecond - 1, nanoseconds: position.firstInPrevious }
    : { seconds: position.newestSecond, nanoseconds: position.firstInNewest };
  return {
    resume: {
      sinceTime: formatWholeSecond(position.newestSecond - 1),
      skipLines: position.inNewest + position.inPrevious,
      firstTimestamp: formatInstant(first),
    },
  };
}
