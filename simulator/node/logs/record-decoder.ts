/**
 * Turns records of a log file back into what the log API serves: filtered, with or without timestamps, cut at a limit.
 * (Upstream: cri-client/pkg/logs/logs.go, ReadLogs and logWriter.write.)
 */
import { headBytes, tagOffset, timestampBytes } from './record-encoder.ts';

export interface DecodeOptions {
  readonly timestamps?: boolean;
  /** Records before this are left out; a timestamp as records have it. */
  readonly since?: string;
  /** As many bytes of output as may come; may cut a line. */
  readonly limitBytes?: number;
  /** As many records as may be looked at. */
  readonly limitRecords?: number;
}

export class RecordDecoder {
  readonly #timestamps: boolean;
  #since: string | undefined;
  #left: number;
  #recordsLeft: number;
  #rest = '';
  /** The next record begins a line: only there a timestamp is written. Records that are left out count here too. */
  #atLineStart = true;

  constructor(options: DecodeOptions) {
    this.#timestamps = options.timestamps ?? false;
    this.#since = options.since;
    this.#left = options.limitBytes ?? Number.POSITIVE_INFINITY;
    this.#recordsLeft = options.limitRecords ?? Number.POSITIVE_INFINITY;
  }

  /** True when the limit is reached: nothing more will come. */
  get isFull(): boolean {
    return this.#left <= 0 || this.#recordsLeft <= 0;
  }

  decode(bytes: Buffer): Buffer {
    const text = this.#rest + bytes.toString('latin1');
    let output = '';
    let start = 0;
    for (let end = recordEnd(text, start); end >= 0 && this.#recordsLeft > 0; end = recordEnd(text, start)) {
      const isPart = text.charCodeAt(start + tagOffset) === 0x50;
      if (!this.#isSkipped(text, start)) output += this.#line(text, start, isPart ? end : end + 1);
      this.#atLineStart = !isPart;
      this.#recordsLeft -= 1;
      start = end + 1;
    }
    this.#rest = text.slice(start);
    return this.#limited(Buffer.from(output, 'latin1'));
  }

  /** Records are in the order of their timestamps, so the first that passes ends the search. */
  #isSkipped(text: string, start: number): boolean {
    if (this.#since === undefined) return false;
    if (text.slice(start, start + timestampBytes) < this.#since) return true;
    this.#since = undefined;
    return false;
  }

  #line(text: string, start: number, end: number): string {
    const head = this.#timestamps && this.#atLineStart ? `${text.slice(start, start + timestampBytes)} ` : '';
    return head + text.slice(start + headBytes, end);
  }

  #limited(output: Buffer): Buffer {
    const kept = output.length > this.#left ? output.subarray(0, this.#left) : output;
    this.#left -= kept.length;
    return kept;
  }
}

/** Index of the record's line feed, -1 if it is not there yet. */
function recordEnd(text: string, start: number): number {
  return text.indexOf('\n', start + headBytes);
}

/**
 * The timestamp of an instant, epoch ms and nanoseconds on top: text of fixed width, comparable with the records' own.
 */
export function timestampOf(instant: number, nanoseconds = 0): string {
  return `${new Date(instant).toISOString().slice(0, 23)}${String(nanoseconds).padStart(6, '0')}Z`;
}
