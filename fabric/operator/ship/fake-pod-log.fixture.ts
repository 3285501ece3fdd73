/** A cluster with one pod, as far as the shipper sees it: a log that grows, rotates, breaks and goes away. For tests. */
import { ApiStatusError, type KubernetesClient, type LogOptions } from '../../../kubernetes/client.ts';
import type { Clock } from '../../../world/clock.ts';
import type { ContainerEnd } from './pod-log.ts';

interface Line {
  readonly at: number;
  readonly text: string;
  readonly file: number;
}

export class FakePodLog {
  readonly #clock: Clock;
  #lines: Line[] = [];
  #file = 0;
  #endedAt: number | undefined;
  #hangUps = 0;
  #isGone = false;
  #startedAt: number;
  #wakers: (() => void)[] = [];
  #cuts = 0;
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
  /** The last line has no line feed. */
  isUnterminated = false;
  /** The stream breaks after so many chunks, each time. */
  breakAfterChunks: (() => number) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  print(...texts: string[]): void {
    for (const text of texts) this.#lines.push({ at: this.#clock.now() - this.clockBehindMs, text, file: this.#file });
    this.#wake();
  }

  /**
   * What was printed so far is in an old file now: readers that have it open end it, new ones never see it. A follower that waits goes on to the new
   * file at once: a kubelet is told by its file system.
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
    const text = this.#lines.map((line) => `${line.text}\n`).join('');
    return this.isUnterminated ? text.slice(0, -1) : text;
  }

  /** What the node has on its disk: the records of each file, the oldest first; the last is written to. */
  get files(): { readonly number: number; readonly records: Buffer }[] {
    this.#refuseIfGone();
    const records = new Map(Array.from({ length: this.#file + 1 }, (_, number) => [number, '']));
    for (const [index, line] of this.#lines.entries()) {
      const [time = '', text = ''] = splitAtBlank(this.#printed(line, index));
      const record = text.endsWith('\n') ? `${time} stdout F ${text}` : `${time} stdout P ${text}\n`;
      records.set(line.file, (records.get(line.file) ?? '') + record);
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
    const startedAt = new Date(this.#startedAt).toISOString();
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
    let at = this.#lines.findIndex((line) => line.file === this.#file);
    if (at < 0) at = this.#lines.length;
    if (options.tailLines !== undefined) at = Math.max(at, this.#lines.length - options.tailLines);
    const since = options.sinceTime === undefined ? 0 : Date.parse(options.sinceTime);
    for (let file = this.#file; ; ) {
      const lines: string[] = [];
      for (; at < this.#lines.length && this.#lines[at]?.file === file; at++) {
        const line = this.#lines[at];
        if (line && line.at >= since) lines.push(this.#printed(line, at));
      }
      const bytes = Buffer.from(lines.join('')).subarray(0, options.limitBytes);
      for (let start = 0; start < bytes.length; start += this.chunkBytes) {
        if (this.#cuts !== cuts || chunksLeft-- <= 0) throw new Error('ECONNRESET: the stream was cut');
        yield bytes.subarray(start, start + this.chunkBytes);
      }
      if (file !== this.#file) {
        file = this.#file;
        while (at < this.#lines.length && (this.#lines[at]?.file ?? 0) < file) at++;
      } else if (!options.follow || (this.#endedAt !== undefined && at === this.#lines.length)) {
        return;
      } else if (at === this.#lines.length) {
        await this.#wait(signal);
      }
      if (this.#cuts !== cuts) throw new Error('ECONNRESET: the stream was cut');
      if (this.#hangUps !== hangUps) return;
      if (signal?.aborted) throw signal.reason;
    }
  }

  #printed(line: Line, index: number): string {
    const time = `${new Date(line.at).toISOString().slice(0, -1)}${String(index % 1_000_000).padStart(6, '0')}Z`;
    const isLast = index === this.#lines.length - 1;
    return `${time} ${line.text}${isLast && this.isUnterminated ? '' : '\n'}`;
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

function splitAtBlank(line: string): [string, string] {
  const at = line.indexOf(' ');
  return [line.slice(0, at), line.slice(at + 1)];
}

function refusal(code: number): ApiStatusError {
  return new ApiStatusError(code, { code, message: `the server answered ${code}` });
}
