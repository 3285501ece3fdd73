/**
 * A container's log from its node's own files, rotated ones included, through the API server's proxy: many times faster
 * than the log API, for which a node sends each line by itself, and without doubt about what was rotated. It needs the
 * right to get `nodes/proxy`.
 *
 * A file is known by the time of its first record, since rotation gives its name to another one.
 */
import { ApiStatusError, type ByteRange, type NodeLogs } from '../../../../kubernetes/client.ts';
import { compareInstants, formatInstant, type Instant } from '../../../podlog/instant.ts';
import { firstRecordInstant, RecordDecoder } from '../../../podlog/records.ts';
import { beginningOf, unpacked } from './compressed.ts';
import { filesIn, type NodeLogFile } from './listing.ts';
import { offsetOf } from './search.ts';

/** Holds the longest record, of which runtimes make parts of 16 KiB, and the head of the next. */
const probeBytes = 20 * 1024;
/** Holds the head of the first record, compressed or not. */
const headBytes = 4096;
/** A file that is renamed between being listed and being opened is looked for again so often. */
const looksMaximum = 10;

/** Where the log lies. */
export interface NodeLogPlace {
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
}

/** The file that was read is there no more, and its end may not have been read. */
export class LogFileGoneError extends Error {
  override readonly name = 'LogFileGoneError';

  constructor(folder: string, begun: string) {
    super(`the log file in ${folder} that begins at ${begun} was removed before it was read to its end`);
  }
}

/** What is read: up to `offset` of the file that begins at the instant `id`. */
interface Spot {
  readonly id: string;
  readonly file: NodeLogFile;
  readonly offset: number;
  /** A newer file was there when this one was listed: nothing is written to this one any more. */
  readonly isFinal: boolean;
}

export class NodeFiles {
  readonly #nodeLogs: NodeLogs;
  readonly #node: string;
  readonly #folder: string;
  /** Of files that were put aside: they keep their names. */
  #count: number | undefined;
  readonly #known = new Map<string, Instant>();

  constructor(nodeLogs: NodeLogs, place: NodeLogPlace) {
    this.#nodeLogs = nodeLogs;
    this.#node = place.node;
    this.#folder = `pods/${place.namespace}_${place.pod}_${place.uid}/${place.container}/`;
  }

  /**
   * The log as the log API prints it, with times, from the first record of `since` on, to the end that it has when the
   * newest file has been read. Rejects with ApiStatusError when the cluster refuses it, with LogFileGoneError when
   * files are removed faster than they are read.
   */
  async read(since: Instant | undefined, signal: AbortSignal): Promise<AsyncIterable<Buffer>> {
    const spot = await this.#begin(since, signal);
    return this.#lines(spot, since, signal);
  }

  /**
   * How many files the log had when a reading of it began: of one nothing had been put aside or removed. Undefined
   * before.
   */
  get count(): number | undefined {
    return this.#count;
  }

  async *#lines(begin: Spot | undefined, since: Instant | undefined, signal: AbortSignal): AsyncGenerator<Buffer> {
    const decoder = new RecordDecoder({ ...(since ? { since } : {}), isCut: (begin?.offset ?? 0) > 0 });
    for (let spot = begin; spot; ) {
      let { offset } = spot;
      for await (const chunk of await this.#open(spot, signal)) {
        offset += chunk.length;
        const lines = decoder.decode(chunk);
        if (lines.length > 0) yield lines;
      }
      spot = await this.#next({ ...spot, offset }, signal);
    }
  }

  /**
   * The newest file that begins before `since`, and where in it; the oldest one from its beginning when there is none.
   */
  async #begin(since: Instant | undefined, signal: AbortSignal): Promise<Spot | undefined> {
    for (let look = 0; look < looksMaximum; look++) {
      const files = await this.#list(signal);
      this.#count = files.length;
      let spot: Spot | undefined;
      for (const [index, file] of files.entries()) {
        const instant = await this.#firstInstant(file, signal);
        if (!instant || (spot && since && compareInstants(instant, since) >= 0)) break;
        spot = { id: formatInstant(instant), file, offset: 0, isFinal: index < files.length - 1 };
        if (!since) break;
      }
      if (!spot || !since || spot.file.isCompressed) return spot;
      const { name } = spot.file;
      const offset = await offsetOf(since, (at) => this.#instantAt(name, at, signal));
      if (await this.#isStill(spot, signal)) return { ...spot, offset };
    }
    return undefined;
  }

  /**
   * Behind what was read: the rest of a file that was put aside meanwhile, the file after it, or undefined at the end.
   */
  async #next(spot: Spot, signal: AbortSignal): Promise<Spot | undefined> {
    const { index, files } = await this.#find(spot, signal);
    const [file, following] = files.slice(index);
    if (!file || !following) return undefined;
    if (!spot.isFinal) return { ...spot, file, isFinal: true };
    const instant = await this.#firstInstant(following, signal);
    if (!instant) return undefined;
    return { id: formatInstant(instant), file: following, offset: 0, isFinal: index + 2 < files.length };
  }

  async #find(spot: Spot, signal: AbortSignal): Promise<{ readonly index: number; readonly files: NodeLogFile[] }> {
    for (let look = 0; look < looksMaximum; look++) {
      const files = await this.#list(signal);
      for (const [index, file] of files.entries()) {
        const instant = await this.#firstInstant(file, signal);
        if (instant && formatInstant(instant) === spot.id) return { index, files };
      }
    }
    throw new LogFileGoneError(this.#folder, spot.id);
  }

  /** The bytes from the spot to the end that its file has now, wherever the file is by now. */
  async #open(spot: Spot, signal: AbortSignal): Promise<AsyncIterable<Buffer>> {
    let { file } = spot;
    for (let look = 0; look < looksMaximum; look++) {
      const opening = new AbortController();
      const streamSignal = AbortSignal.any([signal, opening.signal]);
      const range = file.isCompressed ? { start: 0 } : { start: spot.offset };
      const stream = await this.#get(file.name, range, streamSignal);
      if (stream && (await this.#isStill({ ...spot, file }, signal)))
        return file.isCompressed ? unpacked(stream, spot.offset) : stream;
      opening.abort(new Error('another file has this name now'));
      const { index, files } = await this.#find(spot, signal);
      file = files[index] ?? file;
    }
    throw new LogFileGoneError(this.#folder, spot.id);
  }

  /** Rotation only goes on: a name that still stands for this file did so when it was opened. */
  async #isStill({ id, file }: Spot, signal: AbortSignal): Promise<boolean> {
    if (!file.isPresent) return true;
    const instant = await this.#firstInstant(file, signal);
    return instant !== undefined && formatInstant(instant) === id;
  }

  async #firstInstant(file: NodeLogFile, signal: AbortSignal): Promise<Instant | undefined> {
    const known = this.#known.get(file.base);
    if (known && !file.isPresent) return known;
    const stream = await this.#get(file.name, { start: 0, end: headBytes }, signal);
    if (!stream) return undefined;
    const head = await gathered(stream);
    const instant = firstRecordInstant(file.isCompressed ? beginningOf(head) : head, false);
    if (instant && !file.isPresent) this.#known.set(file.base, instant);
    return instant;
  }

  async #instantAt(name: string, offset: number, signal: AbortSignal): Promise<Instant | undefined> {
    const stream = await this.#get(name, { start: offset, end: offset + probeBytes }, signal);
    return stream && firstRecordInstant(await gathered(stream), true);
  }

  async #list(signal: AbortSignal): Promise<NodeLogFile[]> {
    const page = await gathered(await this.#nodeLogs.nodeLog(this.#node, this.#folder, undefined, signal));
    return filesIn(page.toString('utf8'));
  }

  /** Empty when the range begins behind the end; undefined when there is no such file any more. */
  async #get(name: string, range: ByteRange, signal: AbortSignal): Promise<AsyncIterable<Buffer> | undefined> {
    try {
      return await this.#nodeLogs.nodeLog(this.#node, this.#folder + name, range, signal);
    } catch (error) {
      if (!(error instanceof ApiStatusError)) throw error;
      if (error.code === 416) return nothing();
      if (error.code === 404) return undefined;
      throw error;
    }
  }
}

async function* nothing(): AsyncGenerator<Buffer> {}

async function gathered(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
