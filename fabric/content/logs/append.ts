/**
 * Appending to a log: batches by line number, as the shipper sends them. The index is written when text and times are
 * there, so that after a kill the index says what counts and the next batch writes over what does not.
 */

import { KeyedLock } from '../../keyed-lock.ts';
import type { BlobInfo, Blobs, PutOptions } from '../blobs/blobs.ts';
import { besideLogs, type LogKeys, logKeys, logOfKey, logTextKey } from '../keys.ts';
import { CoveredTexts } from './covered.ts';
import { factsOf, type LedgerFacts, type LogFacts, type LogState } from './facts.ts';
import { encodeEntries, LogIndex } from './index.ts';
import { LogParser, type Segment } from './parse.ts';
import { type Position, startPosition, textBytes } from './position.ts';
import { type KnownLog, RememberedLogs } from './remembered.ts';
import { SegmentBuffers } from './segment-buffers.ts';
import { openLog, type StoredLog } from './stored-log.ts';

/**
 * Text held in memory before it is stored. Above 5 MiB, what S3 can join without sending it again when the log is
 * sealed.
 */
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

/** Bytes of a text that count; a user's object may have the key of a log's text. */
export type Coverage = number | 'nothing' | 'no log';

/** What stands under the log's key is no log. */
export class LogKeyTakenError extends Error {
  override readonly name = 'LogKeyTakenError';

  constructor(textKey: string) {
    super(`${textKey} is an object of a user: no log can be stored there until it is deleted`);
  }
}

export class LogStore {
  readonly #blobs: Blobs;
  readonly #locks = new KeyedLock();
  readonly #remembered = new RememberedLogs();
  readonly #covered = new CoveredTexts();
  readonly #buffers = new SegmentBuffers();

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  /** Where the log stands; undefined when there is none, or when its text was deleted or has expired. */
  async facts(project: string, folder: string): Promise<LogFacts | undefined> {
    const keys = logKeys(project, folder);
    const index = await LogIndex.open(this.#blobs, keys.index);
    if (!index || index.isEmpty || !(await this.#blobs.head(keys.text))) return undefined;
    const position = await index.last();
    const facts = factsOf(logTextKey(folder), position, await this.#state(keys));
    return { ...facts, ...(await this.#lastLineEnd(keys.text, position)) };
  }

  /** The log for questions, with what is to be told of it; undefined when there is none. */
  async open(project: string, folder: string): Promise<{ log: StoredLog; facts: LogFacts } | undefined> {
    const keys = logKeys(project, folder);
    const [log, state] = await Promise.all([openLog(this.#blobs, project, folder), this.#state(keys)]);
    return log && { log, facts: factsOf(logTextKey(folder), log.end, state) };
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

  /** True when an object of a user stands where the log would be. */
  async isTaken(project: string, folder: string): Promise<boolean> {
    const keys = logKeys(project, folder);
    return !(await this.#blobs.head(keys.index)) && (await this.#blobs.head(keys.text)) !== undefined;
  }

  /**
   * How much of the text counts. `text`, if the caller knows it, spares the question where the answer has been "all of
   * it" before.
   */
  async coverage(project: string, folder: string, text?: BlobInfo): Promise<Coverage> {
    const keys = logKeys(project, folder);
    if (text && this.#covered.has(text)) return text.sizeBytes;
    const index = await LogIndex.open(this.#blobs, keys.index);
    if (!index) return 'no log';
    if (index.isEmpty) return 'nothing';
    const bytes = textBytes(await index.last());
    if (text?.sizeBytes === bytes) this.#covered.add(text);
    return bytes;
  }

  /** Deletes the log; false if there was none. The text goes first: without it there is no log. */
  async delete(project: string, folder: string): Promise<boolean> {
    const keys = logKeys(project, folder);
    return this.#locks.run(keys.text, async () => {
      this.#remembered.forget(keys.text);
      const wasThere = await this.#blobs.delete(keys.text);
      await this.#deleteBeside(keys);
      return wasThere;
    });
  }

  /** Removes what stands beside logs whose text is gone: its deletion was broken off, or it expired first. */
  async removeOrphans(): Promise<number> {
    const logs = new Map<string, LogKeys>();
    for (const { key } of await this.#blobs.list(besideLogs)) {
      const log = logOfKey(key);
      if (log) logs.set(`${log.project}/${log.folder}`, logKeys(log.project, log.folder));
    }
    let count = 0;
    for (const keys of logs.values()) {
      await this.#locks.run(keys.text, async () => {
        if (await this.#blobs.head(keys.text)) return;
        await this.#deleteBeside(keys);
        count += 1;
      });
    }
    return count;
  }

  async #deleteBeside(keys: LogKeys): Promise<void> {
    for (const key of [keys.times, keys.index, keys.state]) await this.#blobs.delete(key);
  }

  /** Appends a batch; LogMismatchError when it does not fit, LogFormatError when a line has no time. */
  async append(project: string, folder: string, batch: Batch, body: AsyncIterable<Buffer>): Promise<LogFacts> {
    const keys = logKeys(project, folder);
    return this.#locks.run(keys.text, async () => {
      const stored = await this.#blobs.head(keys.text);
      const known = stored ? await this.#known(keys, stored) : await this.#nothing(keys, batch);
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
        // The pod and its own log may go from now on.
        await Promise.all([keys.text, keys.times, keys.index].map((key) => this.#blobs.flush(key)));
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
    // A user's object stands where the log should: its bytes are not ours to write over.
    if (!index) throw new LogKeyTakenError(keys.text);
    return { position: await index.last(), indexBytes: index.endBytes, state: await this.#state(keys) };
  }

  /**
   * The text is the log: without it, what stands beside it is of no use. An index without entries says that none of the
   * text counts yet.
   */
  async #nothing(keys: LogKeys, batch: Batch): Promise<KnownLog> {
    await this.#deleteBeside(keys);
    await this.#blobs.append(
      keys.index,
      0,
      Buffer.alloc(0),
      besideOptions('application/octet-stream', batch.ttlSeconds),
    );
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
    const options = besideOptions('application/json', batch.ttlSeconds);
    await this.#blobs.put(keys.state, once(Buffer.from(JSON.stringify(state))), options);
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
    const textOptions = { contentType: 'text/plain; charset=utf-8', ttlSeconds: this.#ttlSeconds };
    const options = besideOptions('application/octet-stream', this.#ttlSeconds);
    [this.#text] = await Promise.all([
      this.#blobs.append(this.#keys.text, textBytes(at), segment.text, textOptions),
      this.#blobs.append(this.#keys.times, at.timesBytes, segment.times, options),
    ]);
    await this.#blobs.append(this.#keys.index, this.#indexBytes, entries, options);
    this.#indexBytes += entries.length;
    this.#at = segment.entries.at(-1) ?? startPosition;
  }
}

/**
 * What stands beside a text outlives it, also where a store renews times to live only when a quarter of them has
 * passed.
 */
function besideOptions(contentType: string, ttlSeconds: number | undefined): PutOptions {
  return { contentType, ttlSeconds: ttlSeconds === undefined ? undefined : Math.ceil((ttlSeconds * 4) / 3) + 60 };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
