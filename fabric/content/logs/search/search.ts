/**
 * Rows with a text, and those around them. The text's bytes are looked for in the bytes of the log; only what is shown
 * is cut into lines and decoded. Rows come while the search goes on.
 */
import { LogGoneError } from '../index.ts';
import type { Position } from '../position.ts';
import { type Bounds, boundsOf, type NextPage, pageBytesMaximum, type RowQuery } from '../query.ts';
import { linesBetween, type Row, rowOf, startOfLine, type TimedLine } from '../rows.ts';
import type { StoredLog } from '../stored-log.ts';
import { hitsIn } from './hits.ts';
import type { TextPattern } from './text-pattern.ts';

/** `limit` and `offset` count the lines that have the text. */
export interface SearchQuery extends RowQuery {
  readonly pattern: TextPattern;
  /** Lines shown before and after each line that has the text, as far as the bounds leave them. */
  readonly beforeLines: number;
  readonly afterLines: number;
}

/** What is known when the search is over. */
export interface SearchEnd {
  /** Lines with the text, if all were counted: the search ends when it has found as many as it was asked for. */
  readonly matching?: number;
  readonly truncated: boolean;
  /** As of a page of rows; there may be nothing behind it. */
  readonly next?: NextPage;
}

/** Passages that are read while the search goes on. */
const readAhead = 2;
/** The newest are looked for from the end on, in blocks of so many bytes. */
const blockBytes = 4 * 1024 * 1024;

/** All rows in the order of the sort, each once, some at a time. */
export async function* searchRows(
  log: StoredLog,
  query: SearchQuery,
  signal?: AbortSignal,
): AsyncGenerator<Row[], SearchEnd> {
  const { sort } = query;
  const bounds = await boundsOf(log, query);
  const page = new Page(log, query, bounds);
  const [start, end] = await Promise.all([startOfLine(log, bounds.low), startOfLine(log, bounds.high)]);
  const found = sort === 'oldest' ? hitsBetween : hitsFromEnd;
  let matching = 0;
  for await (const hits of found(log, query.pattern, start, end, signal)) {
    const skipped = Math.max(0, query.offset - matching);
    matching += hits.length;
    await page.find(hits.slice(skipped));
    yield* page.rows({ atMostWaiting: readAhead });
    if (page.isFull) break;
  }
  yield* page.rows({ atMostWaiting: 0 });
  return page.next ? { truncated: page.isTooLarge, next: page.next } : { matching, truncated: false };
}

/** Hits in the bytes [start, end) of the text, which are whole lines. */
async function* hitsBetween(
  { blobs, keys }: StoredLog,
  pattern: TextPattern,
  start: number,
  end: number,
  signal?: AbortSignal,
): AsyncGenerator<number[]> {
  if (start >= end) return;
  const open = await blobs.get(keys.text, () => ({ start, end }), true);
  if (!open) throw new LogGoneError(keys.text);
  yield* hitsIn(open.stream, start, pattern, signal);
}

async function* hitsFromEnd(
  log: StoredLog,
  pattern: TextPattern,
  start: number,
  end: number,
  signal?: AbortSignal,
): AsyncGenerator<number[]> {
  for (let high = end; high > start; ) {
    const { from } = await log.index.around(Math.max(start, high - blockBytes));
    const low = Math.max(start, from.lineStart);
    const block: number[] = [];
    for await (const hits of hitsBetween(log, pattern, low, high, signal)) for (const hit of hits) block.push(hit);
    yield block.reverse();
    high = low;
  }
}

/** Lines around hits, which are read while the search goes on. */
interface Passage {
  readonly hits: readonly number[];
  readonly lines: Promise<TimedLine[]>;
  hasCome: boolean;
}

/** What was shown of the log so far, and what is still to be shown. */
class Page {
  readonly #log: StoredLog;
  readonly #query: SearchQuery;
  readonly #bounds: Bounds;
  readonly #passages: Passage[] = [];
  /** Lines that were not shown yet: those behind the last row, as the sort goes. */
  #low: number;
  #high: number;
  #left: number;
  #bytes = 0;
  #last: number | undefined;

  constructor(log: StoredLog, query: SearchQuery, bounds: Bounds) {
    this.#log = log;
    this.#query = query;
    this.#bounds = bounds;
    this.#low = bounds.low;
    this.#high = bounds.high;
    this.#left = query.limit;
  }

  /** Nothing more has to be found. */
  get isFull(): boolean {
    return this.#left === 0 || this.isTooLarge;
  }

  get isTooLarge(): boolean {
    return this.#bytes > pageBytesMaximum;
  }

  /** Set when the page is full and all of it was shown: where the next one begins. */
  get next(): NextPage | undefined {
    if (this.#last === undefined || !this.isFull) return undefined;
    return this.#query.sort === 'oldest' ? { after: this.#last } : { before: this.#last };
  }

  /** Begins to read what is around hits that lie behind all before, as the sort goes. */
  async find(hits: readonly number[]): Promise<void> {
    for (let at = 0; at < hits.length && !this.isFull; ) {
      const { from, to } = await this.#log.index.around(hits[at] ?? 0);
      let stop = at + 1;
      while (stop < hits.length && isWithin(hits[stop] ?? 0, from, to)) stop++;
      const taken = hits.slice(at, Math.min(stop, at + this.#left));
      at += taken.length;
      this.#left -= taken.length;
      const passage: Passage = { hits: taken, lines: this.#read(from.lines, to.lines), hasCome: false };
      this.#passages.push(passage);
      passage.lines.then(
        () => (passage.hasCome = true),
        () => (passage.hasCome = true),
      );
      if (this.#passages.length > readAhead) await this.#passages.at(-readAhead)?.lines;
    }
  }

  /** Rows of what was found and has been read; waits only while more than so many passages have not come. */
  async *rows({ atMostWaiting }: { readonly atMostWaiting: number }): AsyncGenerator<Row[]> {
    for (let [first] = this.#passages; first && !this.isTooLarge; [first] = this.#passages) {
      if (!first.hasCome && this.#passages.length <= atMostWaiting) return;
      const rows = this.#show(await first.lines, first.hits);
      this.#passages.shift();
      if (rows.length > 0) yield rows;
    }
  }

  async #read(start: number, stop: number): Promise<TimedLine[]> {
    const { pattern, beforeLines, afterLines } = this.#query;
    const first = Math.max(this.#bounds.low, start - beforeLines);
    const behind = Math.min(this.#bounds.high, stop + afterLines);
    const lines: TimedLine[] = [];
    for await (const some of linesBetween(this.#log, first, behind, pattern)) for (const line of some) lines.push(line);
    return lines;
  }

  /** Rows of hits, and those around them that were not shown yet. */
  #show(lines: readonly TimedLine[], hits: readonly number[]): Row[] {
    const { sort, beforeLines, afterLines } = this.#query;
    const found = indexesOf(lines, hits);
    const chosen = around(lines, found, beforeLines, afterLines);
    const lastHit = sort === 'oldest' ? found.at(-1) : found[0];
    if (lastHit !== undefined) this.#last = lines[lastHit]?.line.index;
    const fresh = chosen.filter(({ line }) => line.index >= this.#low && line.index < this.#high);
    const [oldest, newest] = [fresh[0]?.line.index, fresh.at(-1)?.line.index];
    if (sort === 'oldest') this.#low = newest === undefined ? this.#low : newest + 1;
    else this.#high = oldest ?? this.#high;
    const rows = fresh.map((line) => rowOf(line, true));
    for (const { text } of rows) this.#bytes += text.length;
    return sort === 'oldest' ? rows : rows.reverse();
  }
}

function isWithin(byte: number, from: Position, to: Position): boolean {
  return byte >= from.lineStart && byte < to.lineStart;
}

/** Which of the lines have the hits, in ascending order. */
function indexesOf(lines: readonly TimedLine[], hits: readonly number[]): number[] {
  const ascending = hits.toSorted((left, right) => left - right);
  const found: number[] = [];
  let next = 0;
  for (const [index, { line }] of lines.entries()) {
    while (next < ascending.length && (ascending[next] ?? 0) < line.start) next++;
    const hit = ascending[next];
    if (hit !== undefined && hit < line.start + line.sizeBytes) found.push(index);
  }
  return found;
}

function around(lines: readonly TimedLine[], found: readonly number[], before: number, after: number): TimedLine[] {
  const chosen: TimedLine[] = [];
  let next = 0;
  for (const index of found) {
    const stop = Math.min(lines.length, index + after + 1);
    for (next = Math.max(next, index - before); next < stop; next++) chosen.push(lines[next] as TimedLine);
  }
  return chosen;
}
