/**
 * Appending to a log: batches by line number, as the shipper sends them. Text, times and index are written in this order, so that
 * after a kill the index says what counts and the next batch writes over what does not.
 */

import { KeyedLock } from '../../keyed-lock.ts';
import type { Blobs, PutOptions } from '../blobs/blobs.ts';
import { type LogKeys, logKeys, logTextKey } from '../keys.ts';
import { factsOf, type LedgerFacts, type LogFacts, type LogState } from './facts.ts';
import { encodeEntries, LogIndex } from './index.ts';
import { LogParser, type Segment } from './parse.ts';
import { type Position, startPosition, textBytes } from './position.ts';

/** Text held in memory before it is stored. */
const segmentBytes = 512 * 1024;

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
      const isThere = (await this.#blobs.head(keys.text)) !== undefined;
      if (!isThere) await this.#removeRest(keys);
      const index = await LogIndex.open(this.#blobs, keys.index);
      const from = await index.last();
      const state = await this.#state(keys);
      if (!fits(batch, from)) throw new LogMismatchError(batch, factsOf(logTextKey(folder), from, state));
      const writer = new SegmentWriter(this.#blobs, keys, from, index.endBytes, batch.ttlSeconds);
      const next: LogState = { complete: false, ...ledgerOf(batch, state) };
      if (state.complete || batch.ledger) await this.#writeState(keys, next, batch);
      const position = await this.#store(writer, from, batch, body, isThere);
      const complete = batch.complete || (state.complete && position.lines === from.lines);
      if (complete) {
        await this.#writeState(keys, { ...next, complete }, batch);
        this.#seal(keys);
      }
      return factsOf(logTextKey(folder), position, { ...next, complete });
    });
  }

  async #store(
    writer: SegmentWriter,
    from: Position,
    batch: Batch,
    body: AsyncIterable<Buffer>,
    isThere: boolean,
  ): Promise<Position> {
    const parser = new LogParser(from, batch.offset > 0);
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

  /** The text is the log: without it, what stands beside it is of no use. */
  async #removeRest(keys: LogKeys): Promise<void> {
    for (const key of [keys.times, keys.index, keys.state]) await this.#blobs.delete(key);
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

  constructor(blobs: Blobs, keys: LogKeys, from: Position, indexBytes: number, ttlSeconds: number | undefined) {
    this.#blobs = blobs;
    this.#keys = keys;
    this.#at = from;
    this.#indexBytes = indexBytes;
    this.#ttlSeconds = ttlSeconds;
  }

  async write(segment: Segment): Promise<void> {
    const at = this.#at;
    const entries = encodeEntries(segment.entries);
    await this.#blobs.append(this.#keys.text, textBytes(at), segment.text, this.#options('text/plain; charset=utf-8'));
    await this.#blobs.append(this.#keys.times, at.timesBytes, segment.times, this.#options('application/octet-stream'));
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
