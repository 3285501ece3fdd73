/**
 * The index of a log: positions of fixed size, at least one every 64 KiB of text, in an object of their own. It is read
 * page by page: a question about a log of any size reads its last page, and mostly one more.
 */

import { compareInstants, type Instant } from '../../podlog/instant.ts';
import type { BlobReader } from '../blobs/blobs.ts';
import { decodePosition, encodePosition, type Position, positionBytes, startPosition } from './position.ts';

/** A position is noted whenever this much text has come since the last. */
export const indexStepBytes = 65_536;

/** Positions read at once: some 16 MiB of text. */
const pageEntries = 256;
const pageBytes = pageEntries * positionBytes;
/** Pages kept, those that were used last: 1 GB of log has 60 of them. */
const keptPages = 8;

export class LogIndex {
  readonly #blobs: BlobReader;
  readonly #key: string;
  readonly #count: number;
  readonly #pages = new Map<number, Buffer>();

  private constructor(blobs: BlobReader, key: string, count: number) {
    this.#blobs = blobs;
    this.#key = key;
    this.#count = count;
  }

  /** The index as it stands; undefined when there is none. A torn last entry does not count. */
  static async open(blobs: BlobReader, key: string): Promise<LogIndex | undefined> {
    let count = 0;
    const lastPage = await blobs.get(key, ({ sizeBytes }) => {
      count = Math.floor(sizeBytes / positionBytes);
      return { start: pageOf(count - 1) * pageBytes, end: count * positionBytes };
    });
    if (!lastPage) return undefined;
    const index = new LogIndex(blobs, key, count);
    index.#keep(pageOf(count - 1), await bytesOf(lastPage.stream));
    return index;
  }

  /** True when nothing of the text counts yet. */
  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Where the log stands. */
  async last(): Promise<Position> {
    return this.#at(this.#count - 1);
  }

  /** The nearest noted position at or before that line. */
  async beforeLine(line: number): Promise<Position> {
    const { lines } = await this.last();
    return this.#at(await this.#lastWhere((position) => position.lines <= line, line / Math.max(1, lines)));
  }

  /** The nearest noted position at or behind that line, or where the log stands. */
  async behindLine(line: number): Promise<Position> {
    const { lines } = await this.last();
    const before = await this.#lastWhere((position) => position.lines < line, line / Math.max(1, lines));
    return this.#at(Math.min(before + 1, this.#count - 1));
  }

  /**
   * The noted positions beside a byte of the text: the nearest whose line begins at or before it, and the one behind
   * that.
   */
  async around(byte: number): Promise<{ readonly from: Position; readonly to: Position }> {
    const { lineStart } = await this.last();
    const before = await this.#lastWhere((position) => position.lineStart <= byte, byte / Math.max(1, lineStart));
    return { from: await this.#at(before), to: await this.#at(Math.min(before + 1, this.#count - 1)) };
  }

  /** The nearest noted position before which no line is later than that instant. */
  async beforeInstant(instant: Instant): Promise<Position> {
    return this.#at(await this.#lastWhere((position) => compareInstants(position.last, instant) <= 0, 1 / 2));
  }

  /** Where entries are to be appended, as bytes. */
  get endBytes(): number {
    return this.#count * positionBytes;
  }

  /**
   * The last entry for which the condition holds, given that it holds up to some entry and for none behind; -1 for
   * none. It is looked for where `share` of the index lies before it, then on the page beside, then by halving.
   */
  async #lastWhere(holds: (position: Position) => boolean, share: number): Promise<number> {
    if (this.#count === 0) return -1;
    let low = 0;
    let high = pageOf(this.#count - 1) + 1;
    const narrow = async (page: number) => {
      if (holds(await this.#at(page * pageEntries))) low = Math.max(low, page);
      else high = Math.min(high, page);
    };
    for (const page of [...this.#pages.keys()]) await narrow(page);
    const guess = Math.floor((share * this.#count) / pageEntries);
    for (const page of [guess, guess + 1, guess - 1]) if (page > low && page < high) await narrow(page);
    while (high - low > 1) await narrow((low + high) >> 1);
    return this.#lastOfPage(low, holds);
  }

  async #lastOfPage(page: number, holds: (position: Position) => boolean): Promise<number> {
    let low = page * pageEntries;
    let high = Math.min(low + pageEntries, this.#count);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(await this.#at(middle))) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  async #at(entry: number): Promise<Position> {
    if (entry < 0) return startPosition;
    const page = await this.#page(pageOf(entry));
    const offset = (entry % pageEntries) * positionBytes;
    return decodePosition(page.subarray(offset, offset + positionBytes));
  }

  async #page(page: number): Promise<Buffer> {
    const known = this.#pages.get(page);
    if (known) {
      this.#keep(page, known);
      return known;
    }
    const range = { start: page * pageBytes, end: Math.min((page + 1) * pageBytes, this.endBytes) };
    const open = await this.#blobs.get(this.#key, () => range);
    const bytes = open ? await bytesOf(open.stream) : Buffer.alloc(0);
    if (bytes.length < range.end - range.start) throw new LogGoneError(this.#key);
    this.#keep(page, bytes);
    return bytes;
  }

  #keep(page: number, bytes: Buffer): void {
    this.#pages.delete(page);
    this.#pages.set(page, bytes);
    const [longestUnused] = this.#pages.keys();
    if (this.#pages.size > keptPages && longestUnused !== undefined) this.#pages.delete(longestUnused);
  }
}

/** The log was deleted, or has expired, while it was read. */
export class LogGoneError extends Error {
  override readonly name = 'LogGoneError';

  constructor(key: string) {
    super(`${key} went away while it was read: the log was deleted or has expired`);
  }
}

function pageOf(entry: number): number {
  return Math.max(0, Math.floor(entry / pageEntries));
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Entries as bytes to append. */
export function encodeEntries(positions: readonly Position[]): Buffer {
  return Buffer.concat(positions.map(encodePosition));
}
