/**
 * Turns the files in which a node keeps logs, the CRI format (`TIME STREAM TAG TEXT LF`; tag F for a whole line, P for
 * a part of one), into what the pod log API prints with `timestamps=true`. Times stay as they are written: runtimes
 * leave out zeros at their end. (Upstream: cri-client/pkg/logs/logs.go, parseCRILog.)
 */
import { compareInstants, type Instant, InstantReader } from './instant.ts';

const none = Buffer.alloc(0);
const lineFeed = 0x0a;
const space = 0x20;
const partTag = 0x50;
/** More than time, stream and tag take. */
const headBytesMaximum = 128;

interface Head {
  /** Behind the space that follows the time. */
  readonly timeEnd: number;
  readonly textStart: number;
  readonly isPart: boolean;
}

export class RecordDecoder {
  readonly #instants = new InstantReader();
  #since: Instant | undefined;
  #head: Buffer = none;
  #isInText = false;
  #isRecord = false;
  #isPart = false;
  #isLeftOut: boolean;
  /** The next record begins a line: only there the time is printed. */
  #isAtLineStart = true;

  /** Records before `since` are left out; with `isCut` the bytes begin anywhere, and count from the next record on. */
  constructor(options: { readonly since?: Instant; readonly isCut?: boolean } = {}) {
    this.#since = options.since;
    this.#isLeftOut = options.isCut ?? false;
    this.#isInText = this.#isLeftOut;
  }

  /** The lines of a chunk, in the chunk's own memory: it must not be used again. */
  decode(bytes: Buffer): Buffer {
    const chunk = this.#head.length > 0 ? Buffer.concat([this.#head, bytes]) : bytes;
    this.#head = none;
    let written = 0;
    const keep = (start: number, end: number) => {
      if (start !== written) chunk.copyWithin(written, start, end);
      written += end - start;
    };
    for (let at = 0; at < chunk.length; ) {
      const lineFeedAt = chunk.indexOf(lineFeed, at);
      const end = lineFeedAt < 0 ? chunk.length : lineFeedAt + 1;
      if (!this.#isInText) {
        const head = headOf(chunk, at, end);
        if (!head && lineFeedAt < 0 && end - at < headBytesMaximum) {
          this.#head = Buffer.from(chunk.subarray(at));
          break;
        }
        this.#begin(chunk, at, head);
        if (head && !this.#isLeftOut && this.#isAtLineStart) keep(at, head.timeEnd);
        at = head?.textStart ?? at;
      }
      if (!this.#isLeftOut) keep(at, lineFeedAt >= 0 && this.#isPart ? lineFeedAt : end);
      if (lineFeedAt >= 0) this.#end();
      at = end;
    }
    return chunk.subarray(0, written);
  }

  /** A record without a head is none: the kubelet leaves it out as well. */
  #begin(chunk: Buffer, at: number, head: Head | undefined): void {
    this.#isInText = true;
    this.#isRecord = head !== undefined;
    this.#isPart = head?.isPart ?? false;
    this.#isLeftOut = !head || this.#isBefore(chunk, at, head.timeEnd - 1);
  }

  #end(): void {
    // What is left out counts too, as in a kubelet: the rest of a line that began before `since` is printed without a
    // time.
    if (this.#isRecord) this.#isAtLineStart = !this.#isPart;
    this.#isInText = false;
    this.#isLeftOut = false;
  }

  /** Records stand in the order of their times: the first that is late enough ends the search. */
  #isBefore(chunk: Buffer, start: number, end: number): boolean {
    if (!this.#since) return false;
    const instant = this.#instants.read(chunk, start, end);
    if (!instant || compareInstants(instant, this.#since) < 0) return true;
    this.#since = undefined;
    return false;
  }
}

/**
 * Time of the first record that begins in `bytes`; with `isCut` of the first behind a line feed. Undefined when there
 * is none.
 */
export function firstRecordInstant(bytes: Buffer, isCut: boolean): Instant | undefined {
  const instants = new InstantReader();
  for (let at = isCut ? behindLine(bytes, 0) : 0; at < bytes.length; at = behindLine(bytes, at)) {
    const head = headOf(bytes, at, behindLine(bytes, at));
    const instant = head && instants.read(bytes, at, head.timeEnd - 1);
    if (instant) return instant;
  }
  return undefined;
}

function behindLine(bytes: Buffer, at: number): number {
  const lineFeedAt = bytes.indexOf(lineFeed, at);
  return lineFeedAt < 0 ? bytes.length : lineFeedAt + 1;
}

/** What stands before the text of the record that begins at `at`; undefined when that is not whole before `end`. */
function headOf(chunk: Buffer, at: number, end: number): Head | undefined {
  const timeEnd = chunk.indexOf(space, at) + 1;
  const streamEnd = timeEnd === 0 ? 0 : chunk.indexOf(space, timeEnd) + 1;
  const textStart = streamEnd === 0 ? 0 : chunk.indexOf(space, streamEnd) + 1;
  if (textStart === 0 || textStart > end) return undefined;
  return { timeEnd, textStart, isPart: chunk[streamEnd] === partTag };
}
