/**
 * The index of a log: positions of fixed size, at least one every 64 KiB of text, in an object of their own. Looked up by halving,
 * so that a question about a log of any size reads a few hundred bytes of it.
 */

import { compareInstants, type Instant } from '../../podlog/instant.ts';
import type { Blobs } from '../blobs/blobs.ts';
import { decodePosition, encodePosition, type Position, positionBytes, startPosition } from './position.ts';

/** A position is noted whenever this much text has come since the last. */
export const indexStepBytes = 65_536;

export class LogIndex {
  readonly #blobs: Blobs;
  readonly #key: string;
  readonly #count: number;

  private constructor(blobs: Blobs, key: string, count: number) {
    this.#blobs = blobs;
    this.#key = key;
    this.#count = count;
  }

  /** The index as it stands; one without entries when the object is missing. A torn last entry does not count. */
  static async open(blobs: Blobs, key: string): Promise<LogIndex> {
    const info = await blobs.head(key);
    return new LogIndex(blobs, key, Math.floor((info?.sizeBytes ?? 0) / positionBytes));
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Where the log stands. */
  async last(): Promise<Position> {
    return this.#count === 0 ? startPosition : this.#at(this.#count - 1);
  }

  /** The nearest noted position at or before that line. */
  async beforeLine(line: number): Promise<Position> {
    return this.#lastWhere((position) => position.lines <= line);
  }

  /** The nearest noted position before which no line is later than that instant. */
  async beforeInstant(instant: Instant): Promise<Position> {
    return this.#lastWhere((position) => compareInstants(position.last, instant) <= 0);
  }

  /** Where entries are to be appended, as bytes. */
  get endBytes(): number {
    return this.#count * positionBytes;
  }

  /** The last entry for which the condition holds, given that it holds up to some entry and for none behind. */
  async #lastWhere(holds: (position: Position) => boolean): Promise<Position> {
    let found = startPosition;
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      const position = await this.#at(middle);
      if (holds(position)) {
        found = position;
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return found;
  }

  async #at(entry: number): Promise<Position> {
    const start = entry * positionBytes;
    const open = await this.#blobs.get(this.#key, () => ({ start, end: start + positionBytes }));
    const chunks: Buffer[] = [];
    if (open) for await (const chunk of open.stream) chunks.push(chunk);
    return decodePosition(Buffer.concat(chunks));
  }
}

/** Entries as bytes to append. */
export function encodeEntries(positions: readonly Position[]): Buffer {
  return Buffer.concat(positions.map(encodePosition));
}
