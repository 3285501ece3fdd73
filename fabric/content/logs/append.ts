/**
 * Appending to a log: batches by line number, as the shipper sends them. The index is written when text and times are there, so that
 * after a kill the index says what counts and the next batch writes over what does not.
 */

import { KeyedLock } from '../../keyed-lock.ts';
import type { BlobInfo, Blobs, PutOptions } from '../blobs/blobs.ts';
import { type LogKeys, logKeys, logTextKey } from '../keys.ts';
import { factsOf, type LedgerFacts, type LogFacts, type LogState } from './facts.ts';
import { encodeEntries, LogIndex } from './index.ts';
import { LogParser, type Segment } from './parse.ts';
import { type Position, startPosition, textBytes } from './position.ts';
import { type KnownLog, RememberedLogs } from './remembered.ts';
import { SegmentBuffers } from './segment-buffers.ts';

/** Text held in memory before it is stored. Above 5 MiB, what S3 can join without sending it again when the log is sealed. */
const segmentBytes = 6 * 1024 * 1024;
/** More than one chunk of a body may have. */
const chunkBytes = 128 * 1024;

/** Of the last line, for the shipper to know it again. */
const lineEndBytes = 128;

export interface Batch {
  /** Index of the first line of the body. */
  readonly line: number;
  /** Bytes of that line that were sent before: then the body begins inside it, without a time. */
  readonly offset: number;
  /** The lines come from a new source (another pod). */
  readonly begin: boolean;
  /** Nothing will follow: what stands behind the last line feed is the last line. */
  readonly complete: boolean;
  readonly ledger?: LedgerFacts;
  readonly ttlSeconds?: number;
  /** Of the body, when that is known before it has come. */
  readonly bytes?: number;
}

/** The batch does not begin where the log ends. */
export class LogMismatchError extends Error {
  override readonly name = 'LogMismatchError';
  readonly facts: LogFacts;

  constructor(batch: Batch, facts: LogFacts) {
    super(
      `the batch begins at line ${batch.line}, byte ${batch.offset}: the log stands at line ${facts.lines}, byte ${facts.partialBytes}`,
    );
    this.facts = facts;
  }
}

export class LogStore {
  readonly #blobs: Blobs;
  readonly #locks = new KeyedLock();
  readonly #remembered = new RememberedLogs();
  readonly #buffers = new SegmentBuffers();

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  /** Where the log stands; undefined when there is none, or when its text was deleted or has expired. */
  async facts(project: string, folder: string): Promise<LogFacts | undefined> {
    const keys = logKeys(project, folder);
    if (!(await this.#blobs.head(keys.text))) return undefined;
    const position = await (await LogIndex.open(this.#blobs, keys.index)).last();
    const facts = factsOf(logTextKey(folder), position, await this.#state(keys));
    return { ...facts, ...(await this.#lastLineEnd(keys.text, position)) };
  }

  async #lastLineEnd(textKey: string, position: Position): Promise<Pick<LogFacts, 'lastLineEnd'>> {
    if (position.lines === 0) return {};
    const lineFeedBytes = position.unterminated > 0 ? 0 : 1;
    const end = position.lineStart - lineFeedBytes;
    const open = await this.#blobs.get(textKey, () => ({ start: end - lineEndBytes, end }));
    const chunks: Buffer[] = [];
    if (open) for await (const chunk of open.stream) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    return { lastLineEnd: bytes.subarray(bytes.lastIndexOf('\n') + 1).toString('base64') };
  }

  /** Appends a batch; LogMismatchError when it does not fit, LogFormatError when a line has no time. */
  async append(project: string, folder: string, batch: Batch, body: AsyncIterable<Buffer>): Promise<LogFacts> {
    const keys = logKeys(project, folder);
    return this.#locks.run(keys.text, async () => {
      const stored = await this.#blobs.head(keys.text);
      const known = stored ? await this.#known(keys, stored) : await this.#nothing(keys);
      const { position: from, state } = known;
      if (!fits(batch, from)) throw new LogMismatchError(batch, factsOf(logTextKey(folder), from, state));
      // What is remembered holds until something is written, and again when all is.
      this.#remembered.forget(keys.text);
      const next: LogState = { complete: false, ...ledgerOf(batch, state) };
      if (state.complete || batch.ledger) await this.#writeState(keys, next, batch);
      const writer = new SegmentWriter(this.#blobs, keys, known, batch.ttlSeconds);
      const position = await this.#store(writer, from, batch, body, stored !== undefined);
      const complete = batch.complete || (state.complete && position.lines === from.lines);
      const after: LogState = { ...next, complete };
      if (complete) {
        await this.#writeState(keys, after, batch);
        this.#seal(keys);
      } else {
        const text = writer.text ?? stored;
        if (text) this.#remembered.remember(text, { position, indexBytes: writer.indexBytes, state: after });
      }
      return factsOf(logTextKey(folder), position, after);
    });
  }

  async #known(keys: LogKeys, stored: BlobInfo): Promise<KnownLog> {
    const remembered = this.#remembered.find(stored);
    if (remembered) return remembered;
    const index = await LogIndex.open(this.#blobs, keys.index);
    return { position: await index.last(), indexBytes: index.endBytes, state: await this.#state(keys) };
  }

  /** The text is the log: without it, what stands beside it is of no use. */
  async #nothing(keys: LogKeys): Promise<KnownLog> {
    for (const key of [keys.times, keys.index, keys.state]) await this.#blobs.delete(key);
    return { position: startPosition, indexBytes: 0, state: { complete: false } };
  }

  async #store(
    writer: SegmentWriter,
    from: Position,
    batch: Batch,
    body: AsyncIterable<Buffer>,
    isThere: boolean,
  ): Promise<Position> {
    const buffer = this.#buffers.take(Math.min(batch.bytes ?? 0, segmentBytes) + chunkBytes);
    const parser = new LogParser(from, batch.offset > 0, buffer);
    let isFresh = true;
    for await (const chunk of body) {
      if (isFresh && chunk.length > 0) {
        isFresh = false;
        if (batch.begin || from.unterminated > 0) parser.separate();
        if (batch.begin) parser.beginSource();
      }
      parser.push(chunk);
      if (parser.waitingBytes >= segmentBytes) await writer.write(parser.take());
    }
    if (batch.complete) parser.finish();
    const hasChanged = parser.position.lines !== from.lines || textBytes(parser.position) !== textBytes(from);
    if (hasChanged || !isThere) await writer.write(parser.take());
    this.#buffers.giveBack(parser.buffer);
    return parser.position;
  }

  /** Not waited for: the batch is safe, and what cannot be sealed now will be by and by. */
  #seal(keys: LogKeys): void {
    for (const key of [keys.text, keys.times, keys.index]) this.#blobs.seal(key).catch(() => undefined);
  }

  async #state(keys: LogKeys): Promise<LogState> {
    const open = await this.#blobs.get(keys.state);
    if (!open) return { complete: false };
    const chunks: Buffer[] = [];
    for await (const chunk of open.stream) chunks.push(chunk);
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as LogState;
  }

  async #writeState(keys: LogKeys, state: LogState, batch: Batch): Promise<void> {
    await this.#blobs.put(keys.state, once(Buffer.from(JSON.stringify(state))), {
      contentType: 'application/json',
      ttlSeconds: batch.ttlSeconds,
    });
  }
}

function fits(batch: Batch, from: Position): boolean {
  if (batch.begin) return batch.offset === 0 && batch.line === from.lines + (from.partialBytes > 0 ? 1 : 0);
  return batch.line === from.lines && batch.offset === from.partialBytes;
}

function ledgerOf(batch: Batch, state: LogState): Pick<LogState, 'ledger'> {
  const ledger = batch.ledger ?? state.ledger;
  return ledger ? { ledger } : {};
}

/** Writes segments behind one another and remembers where each object ends. */
class SegmentWriter {
  readonly #blobs: Blobs;
  readonly #keys: LogKeys;
  readonly #ttlSeconds: number | undefined;
  #at: Position;
  #indexBytes: number;
  #text: BlobInfo | undefined;

  constructor(blobs: Blobs, keys: LogKeys, from: KnownLog, ttlSeconds: number | undefined) {
    this.#blobs = blobs;
    this.#keys = keys;
    this.#at = from.position;
    this.#indexBytes = from.indexBytes;
    this.#ttlSeconds = ttlSeconds;
  }

  get indexBytes(): number {
    return this.#indexBytes;
  }

  /** After the last segment; undefined when there was none. */
  get text(): BlobInfo | undefined {
    return this.#text;
  }

  /** Resolves when the segment counts. */
  async write(segment: Segment): Promise<void> {
    const at = this.#at;
    const entries = encodeEntries(segment.entries);
    [this.#text] = await Promise.all([
      this.#blobs.append(this.#keys.text, textBytes(at), segment.text, this.#options('text/plain; charset=utf-8')),
      this.#blobs.append(this.#keys.times, at.timesBytes, segment.times, this.#options('application/octet-stream')),
    ]);
    await this.#blobs.append(this.#keys.index, this.#indexBytes, entries, this.#options('application/octet-stream'));
    this.#indexBytes += entries.length;
    this.#at = segment.entries.at(-1) ?? startPosition;
  }

  #options(contentType: string): PutOptions {
    return { contentType, ttlSeconds: this.#ttlSeconds };
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
