/**
 * Rows of a log: any page of it, from either end, between two lines or two instants, without reading what lies outside
 * (at most 64 KiB before the first row, or one long line).
 */

import { compareInstants, formatInstant, type Instant } from '../../podlog/instant.ts';
import type { Blobs } from '../blobs/blobs.ts';
import { logKeys } from '../keys.ts';
import { LogIndex } from './index.ts';
import type { Position } from './position.ts';
import { readLines } from './read-lines.ts';
import { TimeReader } from './times.ts';

/** A line by its index, or an instant. */
export type Bound = { readonly line: number } | { readonly instant: Instant };

interface RowQuery {
  readonly limit: number;
  /** Rows to leave out, counted from the end that the sort begins with. */
  readonly offset: number;
  readonly sort: 'oldest' | 'newest';
  /** Only lines after this line or instant, itself left out. */
  readonly after?: Bound;
  /** Only lines before this line or instant, itself left out. */
  readonly before?: Bound;
}

interface Row {
  readonly line: number;
  readonly timestamp: string;
  readonly text: string;
  /** Bytes of the line when `text` is only its beginning. */
  readonly cutFromBytes?: number;
}

interface RowPage {
  readonly rows: Row[];
  /** Lines that the bounds leave. */
  readonly matching: number;
  /** True when rows are left out because the page would grow too large. */
  readonly truncated: boolean;
}

/** Text in one answer. */
const pageBytesMaximum = 4 * 1024 * 1024;

/** The page that the query asks for. Lines that are not whole yet are left out. */
export async function queryRows(blobs: Blobs, project: string, folder: string, query: RowQuery): Promise<RowPage> {
  const keys = logKeys(project, folder);
  const index = await LogIndex.open(blobs, keys.index);
  const end = await index.last();
  const first = query.after ? await firstAfter(blobs, keys.times, index, query.after) : 0;
  const behind = query.before ? await firstNotBefore(blobs, keys.times, index, query.before) : end.lines;
  const low = Math.min(first, end.lines);
  const high = Math.max(low, Math.min(behind, end.lines));
  const { start, stop } = pageOf(query, low, high);
  const page = await readRows(blobs, keys, index, end, start, stop, query.sort);
  return { ...page, matching: high - low };
}

/** Lines [start, stop) of the page, of the lines [low, high) that match. */
function pageOf(query: RowQuery, low: number, high: number): { start: number; stop: number } {
  if (query.sort === 'oldest') {
    const start = Math.min(high, low + query.offset);
    return { start, stop: Math.min(high, start + query.limit) };
  }
  const stop = Math.max(low, high - query.offset);
  return { start: Math.max(low, stop - query.limit), stop };
}

async function readRows(
  blobs: Blobs,
  keys: { readonly text: string; readonly times: string },
  index: LogIndex,
  end: Position,
  start: number,
  stop: number,
  sort: RowQuery['sort'],
): Promise<Omit<RowPage, 'matching'>> {
  const rows: Row[] = [];
  if (start >= stop) return { rows, truncated: false };
  const from = await index.beforeLine(start);
  const times = await openTimes(blobs, keys.times, from);
  let bytes = 0;
  let truncated = false;
  try {
    for await (const line of readLines(blobs, keys.text, from, end, stop)) {
      const time = await times.next();
      if (line.index < start) continue;
      rows.push({
        line: line.index,
        timestamp: time ? formatInstant(time) : '',
        text: line.text,
        ...(line.cutFromBytes === undefined ? {} : { cutFromBytes: line.cutFromBytes }),
      });
      bytes += line.text.length;
      if (bytes <= pageBytesMaximum) continue;
      truncated = true;
      if (sort === 'oldest') break;
      while (bytes > pageBytesMaximum && rows.length > 1) bytes -= rows.shift()?.text.length ?? 0;
    }
  } finally {
    await times.close();
  }
  return { rows: sort === 'newest' ? rows.reverse() : rows, truncated };
}

/** Index of the first line behind the bound. */
async function firstAfter(blobs: Blobs, timesKey: string, index: LogIndex, bound: Bound): Promise<number> {
  if ('line' in bound) return bound.line + 1;
  return firstLineWhere(blobs, timesKey, index, bound.instant, (time) => compareInstants(time, bound.instant) > 0);
}

/** Index of the first line at or behind the bound. */
async function firstNotBefore(blobs: Blobs, timesKey: string, index: LogIndex, bound: Bound): Promise<number> {
  if ('line' in bound) return bound.line;
  const justBefore = previousInstant(bound.instant);
  return firstLineWhere(blobs, timesKey, index, justBefore, (time) => compareInstants(time, bound.instant) >= 0);
}

function previousInstant({ seconds, nanoseconds }: Instant): Instant {
  return nanoseconds > 0
    ? { seconds, nanoseconds: nanoseconds - 1 }
    : { seconds: seconds - 1, nanoseconds: 999_999_999 };
}

async function firstLineWhere(
  blobs: Blobs,
  timesKey: string,
  index: LogIndex,
  notAfter: Instant,
  holds: (time: Instant) => boolean,
): Promise<number> {
  const from = await index.beforeInstant(notAfter);
  const times = await openTimes(blobs, timesKey, from);
  try {
    for (let line = from.lines; ; line++) {
      const time = await times.next();
      if (!time || holds(time)) return line;
    }
  } finally {
    await times.close();
  }
}

async function openTimes(blobs: Blobs, key: string, from: Position): Promise<TimeReader> {
  const open = await blobs.get(key, (info) => ({ start: from.timesBytes, end: info.sizeBytes }));
  return new TimeReader(open?.stream ?? nothing(), from.last);
}

async function* nothing(): AsyncGenerator<Buffer> {}
