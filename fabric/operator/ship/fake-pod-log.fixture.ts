/**
 * A cluster with one pod, as far as the shipper sees it: a log that grows, rotates, breaks and goes away. For tests.
 */
import { ApiStatusError, type KubernetesClient, type LogOptions } from '../../../kubernetes/client.ts';
import type { Clock } from '../../../world/clock.ts';
import type { ContainerEnd } from './pod-log.ts';

/** As a container runtime keeps it: a line, or a part of a long one. */
interface LogRecord {
  readonly at: number;
  readonly text: string;
  readonly isPart: boolean;
  readonly file: number;
}

/** Container runtimes cut longer lines into parts. */
const partBytes = 16 * 1024;

export class FakePodLog {
  readonly #clock: Clock;
  #records: LogRecord[] = [];
  #file = 0;
  #endedAt: number | undefined;
  #hangUps = 0;
  #isGone = false;
  #startedAt: number;
  #wakers: (() => void)[] = [];
  #cuts = 0;
  /** Its program could not be run: nodes then say that it began at the epoch. */
  neverBegan = false;
  /** Instances of the container before this one. */
  restarts = 0;
  /** So many reads of the first or last line fail on the network. */
  failShortReads = 0;
  /** The status that every read of the log is refused with, while it is set. */
  refusedWith: number | undefined;
  /** The node's clock is behind by so much. */
  clockBehindMs = 0;
  /** Streams opened so far. */
  opened = 0;
  /** Bytes in a chunk; lines and times are cut anywhere. */
  chunkBytes = 4096;
  /** The last line has no line feed: a runtime writes it as a part. */
  isUnterminated = false;
  /** The stream breaks after so many chunks, each time. */
  breakAfterChunks: (() => number) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  print(...texts: string[]): void {
    for (const text of texts) this.#printLine(text);
    this.#wake();
  }

  /** A part of a line that goes on later, as a runtime writes it when it has 16 KiB without a line feed. */
  printPart(text: string): void {
    this.#add(text, true);
    this.#wake();
  }

  #printLine(text: string): void {
    let start = 0;
    for (; text.length - start > partBytes; start += partBytes) this.#add(text.slice(start, start + partBytes), true);
    this.#add(text.slice(start), false);
  }

  #add(text: string, isPart: boolean): void {
    this.#records.push({ at: this.#clock.now() - this.clockBehindMs, text, isPart, file: this.#file });
  }

  /**
   * What was printed so far is in an old file now: readers that have it open end it, new ones never see it. A follower
   * that waits goes on to the new file at once: a kubelet is told by its file system.
   */
  rotate(): void {
    this.#file += 1;
    this.#wake();
  }

  /** Breaks all open streams. */
  cut(): void {
    this.#cuts += 1;
    this.#wake();
  }

  get hasEnded(): boolean {
    return this.#endedAt !== undefined;
  }

  end(): void {
    this.#endedAt = this.#clock.now();
    this.#wake();
  }

  /** Ends all open streams as if the container had ended: so does an API server that loses its node. */
  hangUp(): void {
    this.#hangUps += 1;
    this.#wake();
  }

  /** As the container's end is seen by a watch. */
  seenEnd(): ContainerEnd | undefined {
    if (this.#endedAt === undefined) return undefined;
    return { finishedAt: Math.floor(this.#endedAt / 1000) * 1000, restarts: this.restarts };
  }

  remove(): void {
    this.#isGone = true;
    this.cut();
  }

  get text(): string {
    return this.#records.map((record, index) => this.#textOf(record, index)).join('');
  }

  /** What the node has on its disk: the records of each file, the oldest first; the last is written to. */
  get files(): { readonly number: number; readonly records: Buffer }[] {
    this.#refuseIfGone();
    const records = new Map(Array.from({ length: this.#file + 1 }, (_, number) => [number, '']));
    for (const [index, record] of this.#records.entries()) {
      const tag = this.#textOf(record, index).endsWith('\n') ? 'F' : 'P';
      const text = `${timeOf(record, index)} stdout ${tag} ${record.text}\n`;
      records.set(record.file, (records.get(record.file) ?? '') + text);
    }
    return [...records].map(([number, text]) => ({ number, records: Buffer.from(text) }));
  }

  /** Throws when it is time for a stream to break; `cuts` is what `cuts()` said when it was opened. */
  breakIfCut(cuts: number): void {
    if (this.#cuts !== cuts) throw new Error('ECONNRESET: the stream was cut');
  }

  cuts(): number {
    return this.#cuts;
  }

  /** A client that knows this pod and nothing else. */
  client(): KubernetesClient {
    const client = {
      get: async () => this.#pod(),
      log: async (_namespace: string, _pod: string, options: LogOptions, signal?: AbortSignal) => {
        this.#refuseIfGone();
        this.opened += 1;
        if (this.refusedWith !== undefined) throw refusal(this.refusedWith);
        if (!options.follow && this.failShortReads-- > 0) throw new Error('ECONNRESET: the answer was lost');
        return this.#stream(options, signal);
      },
    };
    return client as unknown as KubernetesClient;
  }

  #pod(): object {
    this.#refuseIfGone();
    const startedAt = new Date(this.neverBegan ? 0 : this.#startedAt).toISOString();
    const end = this.seenEnd();
    const finishedAt = end && new Date(end.finishedAt).toISOString();
    const state = end ? { terminated: { exitCode: 0, startedAt, finishedAt } } : { running: { startedAt } };
    const status = { name: 'main', restartCount: this.restarts, state };
    const metadata = { name: 'p', namespace: 'n', uid: 'u' };
    const spec = { nodeName: 'node-1' };
    return { metadata, spec, status: { phase: end ? 'Succeeded' : 'Running', containerStatuses: [status] } };
  }

  #refuseIfGone(): void {
    if (!this.#isGone) return;
    throw new ApiStatusError(404, { code: 404, reason: 'NotFound', message: 'pods "p" not found' });
  }

  async *#stream(options: LogOptions, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
    const cuts = this.#cuts;
    const hangUps = this.#hangUps;
    const isShort = options.tailLines !== undefined || options.limitBytes !== undefined;
    let chunksLeft = (isShort ? undefined : this.breakAfterChunks?.()) ?? Number.POSITIVE_INFINITY;
    let at = this.#records.findIndex((record) => record.file === this.#file);
    if (at < 0) at = this.#records.length;
    if (options.tailLines !== undefined) at = Math.max(at, this.#records.length - options.tailLines);
    const since = options.sinceTime === undefined ? 0 : Date.parse(options.sinceTime);
    let isLineStart = true;
    for (let file = this.#file; ; ) {
      const lines: string[] = [];
      for (; at < this.#records.length && this.#records[at]?.file === file; at++) {
        const record = this.#records[at];
        if (!record) break;
        const text = this.#textOf(record, at);
        if (record.at >= since) lines.push(isLineStart ? `${timeOf(record, at)} ${text}` : text);
        // A kubelet keeps count of lines in what it leaves out too.
        isLineStart = text === '' || text.endsWith('\n');
      }
      const bytes = Buffer.from(lines.join('')).subarray(0, options.limitBytes);
      for (let start = 0; start < bytes.length; start += this.chunkBytes) {
        if (this.#cuts !== cuts || chunksLeft-- <= 0) throw new Error('ECONNRESET: the stream was cut');
        yield bytes.subarray(start, start + this.chunkBytes);
      }
      if (file !== this.#file) {
        file = this.#file;
        while (at < this.#records.length && (this.#records[at]?.file ?? 0) < file) at++;
      } else if (!options.follow || (this.#endedAt !== undefined && at === this.#records.length)) {
        return;
      } else if (at === this.#records.length) {
        await this.#wait(signal);
      }
      if (this.#cuts !== cuts) throw new Error('ECONNRESET: the stream was cut');
      if (this.#hangUps !== hangUps) return;
      if (signal?.aborted) throw signal.reason;
    }
  }

  #textOf({ text, isPart }: LogRecord, index: number): string {
    const isLast = index === this.#records.length - 1;
    return isPart || (isLast && this.isUnterminated) ? text : `${text}\n`;
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.#wakers.push(resolve);
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  #wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }
}

function timeOf({ at }: LogRecord, index: number): string {
  return `${new Date(at).toISOString().slice(0, -1)}${String(index % 1_000_000).padStart(6, '0')}Z`;
}

function refusal(code: number): ApiStatusError {
  return new ApiStatusError(code, { code, message: `the server answered ${code}` });
}
