/** Lines of a stored log's text from a known position on, in memory that a long line does not fill. */
import type { Blobs } from '../blobs/blobs.ts';
import { type Position, textBytes } from './position.ts';

const lineFeed = 0x0a;
/** Of a longer line only the beginning is shown in a row. */
const rowBytesMaximum = 64 * 1024;

interface StoredLine {
  readonly index: number;
  readonly text: string;
  readonly cutFromBytes?: number;
}

/** The whole lines from `from` up to line `stop`, in order. */
export async function* readLines(
  blobs: Blobs,
  textKey: string,
  from: Position,
  end: Position,
  stop: number,
): AsyncGenerator<StoredLine> {
  const open = await blobs.get(textKey, () => ({ start: from.lineStart, end: textBytes(end) }));
  if (!open) return;
  let index = from.lines;
  const line = new GrowingLine();
  for await (const chunk of open.stream) {
    let start = 0;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, start)) {
      line.add(chunk.subarray(start, at));
      start = at + 1;
      if (index >= stop) return;
      yield line.take(index++);
    }
    line.add(chunk.subarray(start));
    if (index >= stop) return;
  }
  if (index < Math.min(stop, end.lines)) yield line.take(index);
}

class GrowingLine {
  #pieces: Buffer[] = [];
  #keptBytes = 0;
  #bytes = 0;

  add(piece: Buffer): void {
    this.#bytes += piece.length;
    const room = rowBytesMaximum - this.#keptBytes;
    if (room <= 0 || piece.length === 0) return;
    const kept = piece.subarray(0, room);
    this.#pieces.push(kept);
    this.#keptBytes += kept.length;
  }

  take(index: number): StoredLine {
    const text = Buffer.concat(this.#pieces).toString('utf8');
    const cut = this.#bytes > this.#keptBytes ? { cutFromBytes: this.#bytes } : {};
    this.#pieces = [];
    this.#keptBytes = 0;
    this.#bytes = 0;
    return { index, text, ...cut };
  }
}
