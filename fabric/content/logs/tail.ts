/**
 * A log with lines behind its end that are not stored, or not yet: they are put behind the stored bytes by the same
 * parser as if they were appended, so that every question has the very answer that it will have when they are.
 */
import { type BlobInfo, type BlobReader, type ByteRange, clip } from '../blobs/blobs.ts';
import { logKeys } from '../keys.ts';
import { encodeEntries, LogGoneError, LogIndex } from './index.ts';
import { LogParser } from './parse.ts';
import { type Position, startPosition } from './position.ts';
import type { StoredLog } from './stored-log.ts';

const lineFeed = 0x0a;
/** More than a shipper that keeps up leaves behind. What comes later is left out until it is stored. */
export const tailBytesMaximum = 16 * 1024 * 1024;

export interface Tail {
  /** Index of the first line of the body. */
  readonly line: number;
  /** What stands behind the last line feed is the last line. */
  readonly isComplete: boolean;
  /** Lines with their times, as the log API prints them. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** What there is of a log: no index when nothing of it is stored. */
export type Stored = Omit<StoredLog, 'index'> & Partial<Pick<StoredLog, 'index'>>;

/** A log of which nothing is stored. */
export function noLog(project: string, folder: string): Stored {
  const blobs: BlobReader = { get: async () => undefined, head: async () => undefined };
  return { blobs, keys: logKeys(project, folder), end: startPosition };
}

/**
 * LogFormatError when a line has no time. Lines that the log has are passed over; a tail that begins behind its end is
 * left out.
 */
export async function withTail(log: Stored, tail: Tail): Promise<StoredLog> {
  // A line of which a part is stored comes whole in the tail.
  const from: Position = { ...log.end, partialBytes: 0 };
  const parser = new LogParser(from, false);
  const fresh = behindLines(atMost(tail.body, tailBytesMaximum), from.lines - tail.line);
  for await (const chunk of fresh) {
    if (parser.position.unterminated > 0) parser.separate();
    parser.push(chunk);
  }
  if (tail.isComplete) parser.finish();
  const segment = parser.take();
  const { text, times, index: indexKey } = log.keys;
  const blobs = joined(log.blobs, [
    { key: text, startsAt: from.lineStart, bytes: segment.text },
    { key: times, startsAt: from.timesBytes, bytes: segment.times },
    { key: indexKey, startsAt: log.index?.endBytes ?? 0, bytes: encodeEntries(segment.entries) },
  ]);
  const index = await LogIndex.open(blobs, indexKey);
  if (!index) throw new Error('an index that was just made is not there');
  return { blobs, keys: log.keys, index, end: await index.last() };
}

async function* atMost(body: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of body) {
    const taken = Buffer.from(chunk).subarray(0, left);
    left -= taken.length;
    if (taken.length > 0) yield taken;
    if (left === 0) return;
  }
}

/** What stands behind so many lines; nothing when they are fewer than none. */
async function* behindLines(body: AsyncIterable<Buffer>, lines: number): AsyncGenerator<Buffer> {
  let left = lines;
  for await (const chunk of body) {
    let start = 0;
    for (; left > 0; left--) {
      const lineFeedAt = chunk.indexOf(lineFeed, start);
      if (lineFeedAt < 0) break;
      start = lineFeedAt + 1;
    }
    if (left === 0 && start < chunk.length) yield chunk.subarray(start);
  }
}

/** What takes the place of an object's bytes from an offset on. */
interface Ending {
  readonly key: string;
  readonly startsAt: number;
  readonly bytes: Buffer;
}

function joined(blobs: BlobReader, endings: readonly Ending[]): BlobReader {
  const infoOf = ({ key, startsAt, bytes }: Ending): BlobInfo => {
    return { key, sizeBytes: startsAt + bytes.length, contentType: '', etag: '', modifiedAt: 0 };
  };
  return {
    async head(key) {
      const ending = endings.find((each) => each.key === key);
      return ending ? infoOf(ending) : blobs.head(key);
    },
    async get(key, choose, inPassing) {
      const ending = endings.find((each) => each.key === key);
      if (!ending) return blobs.get(key, choose, inPassing);
      const info = infoOf(ending);
      const range = clip(choose ? choose(info) : { start: 0, end: info.sizeBytes }, info.sizeBytes);
      return { info, range, stream: bytesOf(blobs, ending, range, inPassing) };
    },
  };
}

async function* bytesOf(
  blobs: BlobReader,
  { key, startsAt, bytes }: Ending,
  { start, end }: ByteRange,
  inPassing?: boolean,
): AsyncGenerator<Buffer> {
  if (start < startsAt) {
    const stored = await blobs.get(key, () => ({ start, end: Math.min(end, startsAt) }), inPassing);
    if (!stored) throw new LogGoneError(key);
    yield* stored.stream;
  }
  if (end > startsAt) yield bytes.subarray(Math.max(0, start - startsAt), end - startsAt);
}
