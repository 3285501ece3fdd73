/** Lines of a stored log with their times, and the rows that people are shown of them. */
import { formatInstant, type Instant } from '../../podlog/instant.ts';
import { LogGoneError } from './index.ts';
import type { Position } from './position.ts';
import { readLines, type StoredLine } from './read-lines.ts';
import type { TextPattern } from './search/text-pattern.ts';
import type { StoredLog } from './stored-log.ts';
import { timesIn } from './times.ts';

export interface Row {
  /** From 0 on, over all attempts. */
  readonly line: number;
  /** When the node's runtime took the line, RFC 3339 with nanoseconds. */
  readonly timestamp: string;
  /** The log API mixes stdout and stderr and does not say which a line came from. */
  readonly stream: 'unknown';
  readonly text: string;
  /** Bytes of the line when `text` is only its beginning. */
  readonly cutFromBytes?: number;
  /** Where a text is looked for: whether it stands in the line, or the line stands beside one. */
  readonly match?: boolean;
}

export interface TimedLine {
  readonly line: StoredLine;
  readonly time: Instant | undefined;
}

/** Lines [start, stop) in order, as many at once as come at once. */
export async function* linesBetween(
  log: StoredLog,
  start: number,
  stop: number,
  pattern?: TextPattern,
): AsyncGenerator<TimedLine[]> {
  if (start >= stop) return;
  const [from, to] = await Promise.all([log.index.beforeLine(start), log.index.behindLine(stop)]);
  const times = timesIn(await timesBetween(log, from, to), from.last);
  for await (const lines of readLines(log, from, to, pattern)) {
    const timed = lines.map((line) => ({ line, time: times() }));
    const wanted = timed.filter(({ line }) => line.index >= start && line.index < stop);
    if (wanted.length > 0) yield wanted;
    if ((lines.at(-1)?.index ?? -1) >= stop - 1) return;
  }
}

async function timesBetween({ blobs, keys }: StoredLog, from: Position, to: Position): Promise<Buffer> {
  const open = await blobs.get(keys.times, () => ({ start: from.timesBytes, end: to.timesBytes }));
  if (!open) throw new LogGoneError(keys.times);
  const chunks: Buffer[] = [];
  for await (const chunk of open.stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Where a line begins in the text; the log's end for lines behind it. */
export async function startOfLine(log: StoredLog, line: number): Promise<number> {
  if (line >= log.end.lines) return log.end.lineStart;
  for await (const [first] of linesBetween(log, line, line + 1)) if (first) return first.line.start;
  return log.end.lineStart;
}

/** With `isSearched` the row says whether it is a hit. */
export function rowOf({ line, time }: TimedLine, isSearched = false): Row {
  return {
    line: line.index,
    timestamp: time ? formatInstant(time) : '',
    stream: 'unknown',
    text: line.kept.toString('utf8'),
    ...(line.sizeBytes > line.kept.length ? { cutFromBytes: line.sizeBytes } : {}),
    ...(isSearched ? { match: line.matches } : {}),
  };
}
