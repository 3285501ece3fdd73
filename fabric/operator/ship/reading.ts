/**
 * One stream of a container's log into managed content: from where content stands to the end of the stream. While one
 * batch is on its way the next is gathered; memory is bounded by two batches and a chunk.
 */

import type { Timer } from '../../../world/clock.ts';
import type { World } from '../../../world/world.ts';
import { instantOf } from '../../podlog/instant.ts';
import { LogScanner, type Piece } from '../../podlog/scanner.ts';
import { AsyncQueue } from './async-queue.ts';
import type { Bandwidth } from './bandwidth.ts';
import { BatchBuilder, type ReadyBatch } from './batch.ts';
import type { BatchSize } from './batch-size.ts';
import type { ContentClient, LogStand } from './content-client.ts';
import { type LastLine, LastLineTracker } from './last-line.ts';
import { type StoredLedger, withGap } from './ledger.ts';
import { PassageWatch } from './passages.ts';
import type { PodLog, ReadMode } from './pod-log.ts';
import { ResumeFilter, type ResumeWay } from './resume.ts';

const batchAgeMs = 1_000;

interface ReadingOptions {
  readonly world: World;
  readonly podLog: PodLog;
  readonly content: ContentClient;
  readonly bandwidth: Bandwidth;
  readonly batchSize: BatchSize;
  readonly stand: LogStand;
  readonly mode: ReadMode;
  readonly way: ResumeWay;
  /**
   * Asked of a follower that comes late: true when it is to leave the stream, since the log can be read faster in
   * another way.
   */
  readonly leaves?: (isOneFile: boolean | undefined) => boolean;
  /** Nothing of this source is stored yet: its first batch says so. */
  readonly isFresh: boolean;
  readonly ledger: StoredLedger;
  /** A gap before the first line, if its time says so. */
  readonly judgeFirst?: (first: Piece) => string | undefined;
}

type Event =
  | { readonly kind: 'chunk'; readonly result: IteratorResult<Buffer> }
  | { readonly kind: 'due' }
  /** The stream broke, or a batch cannot be stored. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** A follower has come too late: the log is to be read on in a faster way. */
export class BehindError extends Error {
  override readonly name = 'BehindError';

  constructor() {
    super('the reader of the log is behind its writer');
  }
}

export class Reading {
  readonly #options: ReadingOptions;
  readonly #scanner = new LogScanner();
  readonly #filter: ResumeFilter;
  readonly #passages = new PassageWatch();
  readonly #tracker = new LastLineTracker();
  #builder: BatchBuilder | undefined;
  /** Set until a batch with it has been stored. */
  #begin: boolean;
  #ledger: StoredLedger;
  #ledgerIsStored: boolean;
  #stand: LogStand;
  readonly #events = new AsyncQueue<Event>();
  #sending: Promise<void> | undefined;
  /** Set while lines wait to be sent, until they have to be. */
  #dueTimer: Timer | undefined;
  /** When the present chunk was asked for, and when the one before had come. */
  #askedAt = 0;
  #receivedAt = 0;
  #endedAt: number | undefined;
  #isLeaving = false;

  constructor(options: ReadingOptions) {
    this.#options = options;
    this.#stand = options.stand;
    this.#ledger = options.ledger;
    this.#ledgerIsStored = !options.isFresh;
    this.#begin = options.isFresh;
    this.#filter = new ResumeFilter(options.way, options.isFresh ? beginning(options.stand) : options.stand);
  }

  /** With the gaps found so far. */
  get ledger(): StoredLedger {
    return this.#ledger;
  }

  /** The last line seen, stored before or now. */
  get lastLine(): LastLine | undefined {
    return this.#tracker.last();
  }

  /**
   * Up to when the stream has the log, epoch ms. Followed: when it ended by itself, exact when somebody was waiting for
   * it, else the last instant at which it had not ended. Otherwise when it was opened.
   */
  get endedAt(): number | undefined {
    return this.#endedAt;
  }

  /** Lines and bytes as content last said. */
  get stand(): LogStand {
    return this.#stand;
  }

  /**
   * Reads to the end of the stream and stores its whole lines. Rejects when the stream breaks (its whole lines are
   * stored then too), with WrongWayError, StandMovedError or BehindError when it must be read anew, with the signal's
   * reason.
   */
  async read(signal: AbortSignal): Promise<void> {
    const closing = new AbortController();
    const streamSignal = AbortSignal.any([signal, closing.signal]);
    const { mode, isFresh, podLog, world } = this.#options;
    const since = isFresh ? undefined : this.#stand.resume?.sinceTime;
    const openedAt = world.clock.now();
    try {
      const stream = await podLog.read(mode, since, streamSignal);
      await this.#pump(stream[Symbol.asyncIterator](), signal);
      this.#filter.endOfStream();
      if (mode !== 'follow') this.#endedAt = openedAt;
    } finally {
      closing.abort();
      this.#dueTimer?.cancel();
    }
  }

  /** Stores what is left, the line without end included, and the last ledger. */
  async finish(ledger: StoredLedger, signal: AbortSignal): Promise<LogStand> {
    await this.#sending;
    const rest = this.#builder?.take(true);
    const { lines, partialBytes } = this.#stand;
    const batch: ReadyBatch = rest ?? { line: lines, offset: partialBytes, bytes: Buffer.alloc(0) };
    this.#ledger = ledger;
    this.#ledgerIsStored = false;
    await this.#store(batch, signal, rest !== undefined && this.#begin, true);
    return this.#stand;
  }

  async #pump(chunks: AsyncIterator<Buffer>, signal: AbortSignal): Promise<void> {
    this.#receivedAt = this.#options.world.clock.now();
    this.#ask(chunks);
    try {
      for (;;) {
        const event = await this.#events.take();
        if (event.kind === 'failed') throw event.error;
        if (event.kind === 'due') {
          if (this.#dueTimer) await this.#flush(signal);
          continue;
        }
        const now = this.#options.world.clock.now();
        if (event.result.done) {
          this.#endedAt = now > this.#askedAt ? now : this.#receivedAt;
          break;
        }
        this.#receivedAt = now;
        this.#receive(event.result.value);
        if (this.#isFull) await this.#flush(signal);
        if (this.#isLeaving) throw new BehindError();
        this.#ask(chunks);
      }
    } catch (error) {
      if (!signal.aborted && (isStreamError(error) || error instanceof BehindError)) await this.#drain(signal);
      throw isStreamError(error) ? error.cause : error;
    }
    await this.#drain(signal);
  }

  #ask(chunks: AsyncIterator<Buffer>): void {
    this.#askedAt = this.#options.world.clock.now();
    chunks.next().then(
      (result) => this.#events.put({ kind: 'chunk', result }),
      (cause) => this.#events.put({ kind: 'failed', error: new StreamError('the log stream broke', { cause }) }),
    );
  }

  #receive(chunk: Buffer): void {
    this.#scanner.push(chunk, (piece) => this.#take(piece));
    if (this.#builder && this.#builder.bytes > 0) {
      this.#dueTimer ??= this.#options.world.clock.after(batchAgeMs, () => this.#events.put({ kind: 'due' }));
    }
  }

  #take(piece: Piece): void {
    this.#tracker.see(piece);
    const start = this.#filter.isDone ? piece.start : this.#filter.accept(piece);
    if (start < 0) {
      if (piece.beginsLine) this.#watch(piece, this.#stand.lines);
      return;
    }
    const builder = this.#builder ?? this.#openBuilder(piece);
    if (piece.beginsLine) this.#watch(piece, builder.nextLine);
    const hasHead = start === piece.start && piece.textStart > piece.start;
    if (piece.beginsLine && !hasHead && !piece.instant) this.#addHead(builder);
    const textBytes = piece.end - Math.max(start, piece.textStart);
    builder.add(piece.bytes, start, piece.end, textBytes, piece.endsLine);
  }

  /** Only a followed log goes from one file to another without a word. */
  #watch(piece: Piece, line: number): void {
    if (this.#options.mode !== 'follow') return;
    this.#passages.see(piece, line, this.#askedAt);
    if (!this.#passages.isSuspicious || !this.#options.leaves?.(undefined)) return;
    this.#passages.forget();
    throw new BehindError();
  }

  /** The first line that is new: now it is known whether lines are missing before it. */
  #openBuilder(first: Piece): BatchBuilder {
    const { isFresh, judgeFirst } = this.#options;
    const { lines, partialBytes } = this.#stand;
    const gap = this.#filter.gapReason ?? (isFresh ? judgeFirst?.(first) : undefined);
    const isOnNewLine = isFresh || this.#filter.gapReason !== undefined;
    if (isOnNewLine && partialBytes > 0) this.#begin = true;
    const line = isOnNewLine && partialBytes > 0 ? lines + 1 : lines;
    this.#builder = new BatchBuilder(line, isOnNewLine ? 0 : partialBytes);
    if (gap !== undefined) this.#addGap({ afterLine: line, reason: gap });
    return this.#builder;
  }

  /** A line whose head was cut has no time: it gets that of the line before, and the ledger says so. */
  #addHead(builder: BatchBuilder): void {
    this.#addGap({ afterLine: builder.nextLine, reason: 'the beginning of the next line was cut off' });
    const now = new Date(this.#options.world.clock.now()).toISOString();
    const head = Buffer.from(`${this.#stand.lastTimestamp ?? now} `);
    builder.add(head, 0, head.length, 0, false);
  }

  #addGap(gap: Parameters<typeof withGap>[1]): void {
    this.#ledger = withGap(this.#ledger, gap);
    this.#ledgerIsStored = false;
  }

  /** Sends the whole lines gathered, or a batch of one line that is too long; waits for the batch before. */
  async #flush(signal: AbortSignal): Promise<void> {
    this.#dueTimer?.cancel();
    this.#dueTimer = undefined;
    await this.#sending;
    const batch = this.#builder?.take(false) ?? this.#takeLongLine();
    if (!batch) return;
    const sending = this.#send(batch, signal);
    sending.catch((error: unknown) => this.#events.put({ kind: 'failed', error }));
    this.#sending = sending;
  }

  #takeLongLine(): ReadyBatch | undefined {
    return this.#isFull ? this.#builder?.take(true) : undefined;
  }

  get #isFull(): boolean {
    return (this.#builder?.bytes ?? 0) >= this.#options.batchSize.bytes;
  }

  async #drain(signal: AbortSignal): Promise<void> {
    await this.#flush(signal);
    await this.#sending;
  }

  async #send(batch: ReadyBatch, signal: AbortSignal): Promise<void> {
    if (this.#passages.isSuspicious) await this.#judgePassages(signal);
    for (const gap of this.#passages.takeGaps()) this.#addGap(gap);
    await this.#store(batch, signal, this.#begin, false);
  }

  async #judgePassages(signal: AbortSignal): Promise<void> {
    const { podLog, world, leaves } = this.#options;
    try {
      const askedAt = world.clock.now();
      // A newest file without a line has those only that are printed from now on.
      const first = (await podLog.firstInstant(signal)) ?? instantOf(askedAt);
      this.#isLeaving = leaves?.(this.#passages.judge(first, world.clock.now())) ?? false;
    } catch (error) {
      signal.throwIfAborted();
      this.#passages.settle(`the cluster does not say which line is its first: ${messageOf(error)}`);
    }
  }

  async #store(batch: ReadyBatch, signal: AbortSignal, begin: boolean, complete: boolean): Promise<void> {
    await this.#options.bandwidth.take(batch.bytes.length, signal);
    const ledger = this.#ledgerIsStored ? undefined : this.#ledger;
    this.#ledgerIsStored = true;
    this.#stand = await this.#options.content.append({ ...batch, begin, complete, ledger }, signal);
    if (batch.bytes.length === 0) return;
    this.#begin = false;
    this.#builder?.release(batch);
  }
}

/** A log of which nothing of the present source is stored. */
function beginning(stand: LogStand): LogStand {
  return { key: stand.key, lines: stand.lines, bytes: stand.bytes, partialBytes: 0, complete: false };
}

/** The stream itself broke, as opposed to what is done with it. */
class StreamError extends Error {
  override readonly name = 'StreamError';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isStreamError(error: unknown): error is StreamError {
  return error instanceof StreamError;
}
