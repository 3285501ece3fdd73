/**
 * Rows of a log: any page of it, from either end, between two lines or two instants, without reading what lies outside
 * (at most 64 KiB before the first row and behind the last, or one long line).
 */

import { compareInstants, type Instant } from '../../podlog/instant.ts';
import type { BlobReader } from '../blobs/blobs.ts';
import type { LogIndex } from './index.ts';
import type { Position } from './position.ts';
import { linesBetween, type Row, rowOf } from './rows.ts';
import type { StoredLog } from './stored-log.ts';
import { TimeReader } from './times.ts';

/** A line by its index, or an instant. */
export type Bound = { readonly line: number } | { readonly instant: Instant };

export interface RowQuery {
  readonly limit: number;
  /** Rows to leave out, counted from the end that the sort begins with. */
  readonly offset: number;
  readonly sort: 'oldest' | 'newest';
  /** Only lines after this line or instant, itself left out. */
  readonly after?: Bound;
  /** Only lines before this line or instant, itself left out. */
  readonly before?: Bound;
}

/**
 * The bound that gives the page behind this one, in place of the one of that name and of `offset`: also while the log
 * grows.
 */
export type NextPage = { readonly after: number } | { readonly before: number };

interface RowPage {
  readonly rows: Row[];
  /** Lines that the bounds leave. */
  readonly matching: number;
  /** True when rows are left out because the page would grow too large. */
  readonly truncated: boolean;
  /** Absent when nothing lies behind this page. */
  readonly next?: NextPage;
}

/** Text in one answer. */
export const pageBytesMaximum = 4 * 1024 * 1024;

/** The page that the query asks for. Lines that are not whole yet are left out. */
export async function queryRows(log: StoredLog, query: RowQuery): Promise<RowPage> {
  const { low, high } = await boundsOf(log, query);
  const { start, stop } = pageOf(query, low, high);
  const page = await readRows(log, start, stop, query.sort);
  const next = nextOf(page.rows.at(-1)?.line, query.sort, low, high);
  return { ...page, matching: high - low, ...(next ? { next } : {}) };
}

/** The lines [low, high) that `after` and `before` leave. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export async function boundsOf(log: StoredLog, { after, before }: Pick<RowQuery, 'after' | 'before'>): Promise<Bounds> {
  const { blobs, keys, index, end } = log;
  const first = after ? await firstAfter(blobs, keys.times, index, after) : 0;
  const behind = before ? await firstNotBefore(blobs, keys.times, index, before) : end.lines;
  const low = Math.min(first, end.lines);
  return { low, high: Math.max(low, Math.min(behind, end.lines)) };
}

function nextOf(last: number | undefined, sort: RowQuery['sort'], low: number, high: number): NextPage | undefined {
  if (last === undefined) return undefined;
  if (sort === 'oldest') return last + 1 < high ? { after: last } : undefined;
  return last > low ? { before: last } : undefined;
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
  log: StoredLog,
  start: number,
  stop: number,
  sort: RowQuery['sort'],
): Promise<Pick<RowPage, 'rows' | 'truncated'>> {
  const rows: Row[] = [];
  let bytes = 0;
  let truncated = false;
  reading: for await (const lines of linesBetween(log, start, stop)) {
    for (const line of lines) {
      const row = rowOf(line);
      rows.push(row);
      bytes += row.text.length;
      if (bytes <= pageBytesMaximum) continue;
      truncated = true;
      if (sort === 'oldest') break reading;
      while (bytes > pageBytesMaximum && rows.length > 1) bytes -= rows.shift()?.text.length ?? 0;
    }
  }
  return { rows: sort === 'newest' ? rows.reverse() : rows, truncated };
}

/** Index of the first line behind the bound. */
async function firstAfter(blobs: BlobReader, timesKey: string, index: LogIndex, bound: Bound): Promise<number> {
  if ('line' in bound) return bound.line + 1;
  return firstLineWhere(blobs, timesKey, index, bound.instant, (time) => compareInstants(time, bound.instant) > 0);
}

/** Index of the first line at or behind the bound. */
async function firstNotBefore(blobs: BlobReader, timesKey: string, index: LogIndex, bound: Bound): Promise<number> {
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
  blobs: BlobReader,
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

async function openTimes(blobs: BlobReader, key: string, from: Position): Promise<TimeReader> {
  const open = await blobs.get(key, (info) => ({ start: from.timesBytes, end: info.sizeBytes }));
  return new TimeReader(open?.stream ?? nothing(), from.last);
}

async function* nothing(): AsyncGenerator<Buffer> {}
