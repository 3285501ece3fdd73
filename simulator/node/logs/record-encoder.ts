/**
 * Container output as the kubelet's log files hold it, the CRI format: `TIMESTAMP STREAM TAG CONTENT LF`, with tag F
 * for a whole line and P for a part of a long one. Our timestamps always have nine decimals and streams six letters, so
 * each record begins with a head of 40 bytes.
 *
 * Bytes travel as latin1 text here: it maps each byte to one character, and joining texts is several times faster than
 * copying thousands of small slices.
 */
export type StreamName = 'stdout' | 'stderr';

export const headBytes = 40;
/** The timestamp at its beginning: `2026-01-01T00:00:00.123000001Z`. */
export const timestampBytes = 30;
/** Where the tag stands. */
export const tagOffset = 38;

/** Container runtimes cut longer lines into parts. */
const partBytes = 16 * 1024;
/** What containerd reads of a line before it looks for its end. */
const readBytes = 4096;
const carriageReturn = 0x0d;
const nanosecondsOfClockTick = 1_000_000;

/** A line that is not whole yet. */
interface OpenLine {
  /** What is in no record yet. */
  text: string;
  /** Of the text, how much containerd has taken out of its reader. */
  taken: number;
}

/**
 * Encodes the output of one container, as containerd does. Timestamps grow with each record: nanoseconds count the
 * records of a millisecond. (Upstream: containerd internal/cri/io/logger.go, redirectLogs and readLine.)
 */
export class RecordEncoder {
  readonly #open: Record<StreamName, OpenLine> = { stdout: { text: '', taken: 0 }, stderr: { text: '', taken: 0 } };
  #millisecond = -1;
  #count = 0;
  #prefix = '';

  /** Records of all lines that are whole by now, and of long ones as far as they have come; the rest waits. */
  encode(bytes: Uint8Array, stream: StreamName, now: number): Buffer {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const line = this.#open[stream];
    const text = line.text + buffer.toString('latin1');
    let records = '';
    let start = 0;
    for (let at = text.indexOf('\n', line.text.length); at >= 0; at = text.indexOf('\n', start)) {
      // The carriage return of CR LF goes with the line feed; one alone is text.
      const end = at > start && text.charCodeAt(at - 1) === carriageReturn ? at - 1 : at;
      for (; end - start > partBytes; start += partBytes) {
        records += this.#record(stream, 'P', text.slice(start, start + partBytes), now);
      }
      records += this.#record(stream, 'F', text.slice(start, end), now);
      start = at + 1;
      line.taken = 0;
    }
    line.text = text.slice(start);
    return Buffer.from(records + this.#parts(stream, now), 'latin1');
  }

  /**
   * The end, if it comes now: what stands behind the last line feed of each stream stays a part, without a line feed in
   * `kubectl logs`.
   */
  finish(now: number): Buffer {
    let records = '';
    for (const stream of ['stdout', 'stderr'] as const) {
      const { text } = this.#open[stream];
      for (let start = 0; start < text.length; start += partBytes) {
        records += this.#record(stream, 'P', text.slice(start, start + partBytes), now);
      }
    }
    return Buffer.from(records, 'latin1');
  }

  /**
   * Parts of a line that has no end yet. Nothing is written before more than a part is taken: the line may end right
   * there.
   */
  #parts(stream: StreamName, now: number): string {
    const line = this.#open[stream];
    let records = '';
    while (line.text.length - line.taken >= readBytes) {
      // A carriage return at the end of what was read may belong to a line feed: it is read again with what follows.
      const isHeldBack = line.text.charCodeAt(line.taken + readBytes - 1) === carriageReturn;
      line.taken += isHeldBack ? readBytes - 1 : readBytes;
      if (line.taken <= partBytes) continue;
      records += this.#record(stream, 'P', line.text.slice(0, partBytes), now);
      line.text = line.text.slice(partBytes);
      line.taken -= partBytes;
    }
    return records;
  }

  #record(stream: StreamName, tag: 'F' | 'P', content: string, now: number): string {
    return `${this.#timestamp(now)} ${stream} ${tag} ${content}\n`;
  }

  #timestamp(now: number): string {
    if (now > this.#millisecond) this.#startMillisecond(now);
    if (this.#count === nanosecondsOfClockTick) this.#startMillisecond(this.#millisecond + 1);
    const nanoseconds = nanosecondsOfClockTick + this.#count;
    this.#count += 1;
    return `${this.#prefix}${String(nanoseconds).slice(1)}Z`;
  }

  #startMillisecond(millisecond: number): void {
    this.#millisecond = millisecond;
    this.#count = 0;
    this.#prefix = new Date(millisecond).toISOString().slice(0, 23);
  }
}
