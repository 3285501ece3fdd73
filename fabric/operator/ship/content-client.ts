/**
 * Managed content as the shipper speaks to it: where a log stands, and the next batch. Tries again until it answers.
 */
import { deadlineSignal } from '../../../world/clock.ts';
import type { World } from '../../../world/world.ts';
import { logUrl } from '../logs/folder.ts';
import { Backoff } from './backoff.ts';
import type { StoredLedger } from './ledger.ts';
import { post } from './post.ts';

export interface LogStand {
  readonly key: string;
  readonly lines: number;
  readonly bytes: number;
  readonly partialBytes: number;
  readonly lastTimestamp?: string;
  /** The last bytes of the last whole line, base64. Only in the answer to a question. */
  readonly lastLineEnd?: string;
  readonly resume?: { readonly sinceTime: string; readonly skipLines: number; readonly firstTimestamp: string };
  readonly complete: boolean;
  readonly ledger?: StoredLedger;
}

interface BatchToSend {
  readonly line: number;
  readonly offset: number;
  readonly bytes: Buffer;
  readonly begin?: boolean;
  readonly complete?: boolean;
  readonly ledger?: StoredLedger;
}

/** Content stands elsewhere than the batch begins: read on from `stand`. */
export class StandMovedError extends Error {
  override readonly name = 'StandMovedError';
  readonly stand: LogStand;

  constructor(stand: LogStand) {
    super(`managed content stands at line ${stand.lines}, byte ${stand.partialBytes}`);
    this.stand = stand;
  }
}

/** Content will not take the batch, however often it is sent. */
export class BatchRefusedError extends Error {
  override readonly name = 'BatchRefusedError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(`managed content refused a batch with ${status}: ${message}`);
    this.status = status;
  }
}

const answerDeadlineMs = 60_000;
/** A line that is slower than this sends no batch in time. */
const slowestBytesPerMs = 16;

interface ContentClientOptions {
  readonly world: World;
  readonly contentUrl: string;
  readonly project: string;
  readonly folder: string;
  readonly ttlSeconds?: number;
  /** Told where the log stands whenever that is known. */
  readonly onStand?: (stand: LogStand) => void;
}

export class ContentClient {
  readonly #world: World;
  readonly #url: string;
  readonly #ttlSeconds: number | undefined;
  readonly #backoff: Backoff;
  readonly #onStand: (stand: LogStand) => void;

  constructor(options: ContentClientOptions) {
    this.#world = options.world;
    this.#url = logUrl(options.contentUrl, options.project, options.folder);
    this.#ttlSeconds = options.ttlSeconds;
    this.#onStand = options.onStand ?? (() => undefined);
    this.#backoff = new Backoff(options.world);
  }

  /** Where the log stands; undefined when nothing is stored. Tries until the signal is aborted. */
  async stand(signal: AbortSignal): Promise<LogStand | undefined> {
    return this.#persist(signal, answerDeadlineMs, async (tryUntil) => {
      const answer = await this.#world.network.fetch(this.#url, { signal: tryUntil });
      const text = await answer.text();
      // 409: an object of a user stands there, and the first batch will be refused.
      if (answer.status === 404 || answer.status === 409) return undefined;
      if (answer.status === 200) return this.#known(text);
      throw new Error(`managed content answered ${answer.status}: ${text.slice(0, 200)}`);
    });
  }

  /**
   * Sends a batch until it is stored: then its bytes may change. StandMovedError when content stands elsewhere,
   * BatchRefusedError on other refusals.
   */
  async append(batch: BatchToSend, signal: AbortSignal): Promise<LogStand> {
    const query = new URLSearchParams({ line: String(batch.line) });
    if (batch.offset > 0) query.set('offset', String(batch.offset));
    if (batch.begin) query.set('begin', 'true');
    if (batch.complete) query.set('complete', 'true');
    const headers: Record<string, string> = { 'content-type': 'text/plain' };
    if (batch.ledger) headers['x-log-ledger'] = asciiJson(batch.ledger);
    if (this.#ttlSeconds !== undefined) headers['x-content-ttl'] = String(this.#ttlSeconds);
    const deadlineMs = answerDeadlineMs + Math.ceil(batch.bytes.length / slowestBytesPerMs);
    const answer = await this.#persist(signal, deadlineMs, async (tryUntil) => {
      const { status, text } = await post(this.#world, `${this.#url}?${query}`, headers, batch.bytes, tryUntil);
      if (status >= 500 || status === 429 || status === 408) {
        throw new Error(`managed content answered ${status}: ${text.slice(0, 200)}`);
      }
      return { status, text };
    });
    if (answer.status === 200) return this.#known(answer.text);
    if (answer.status === 409) throw new StandMovedError(JSON.parse(answer.text) as LogStand);
    throw new BatchRefusedError(answer.status, answer.text.slice(0, 200));
  }

  #known(text: string): LogStand {
    const stand = JSON.parse(text) as LogStand;
    this.#onStand(stand);
    return stand;
  }

  async #persist<T>(signal: AbortSignal, deadlineMs: number, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (;;) {
      signal.throwIfAborted();
      const deadline = deadlineSignal(this.#world.clock, deadlineMs, 'an answer of managed content', signal);
      try {
        const result = await attempt(deadline.signal);
        this.#backoff.reset();
        return result;
      } catch (error) {
        signal.throwIfAborted();
        this.#world.log.debug('managed content does not answer', { url: this.#url, error: String(error) });
      } finally {
        deadline.clear();
      }
      await this.#backoff.wait(signal);
    }
  }
}

/** JSON that may stand in a header. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
