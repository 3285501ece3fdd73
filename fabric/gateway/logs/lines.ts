/** Lines of a log for people who follow it: in memory of fixed size, the oldest given up when nobody takes them. */

interface ShownLine {
  readonly text: string;
  /** Bytes of the line in the log, its line feed included. */
  readonly bytes: number;
}

const lineFeed = 0x0a;
/** Of a longer line only the beginning is shown. */
const shownBytesMaximum = 6 * 1024;

export class LineBacklog {
  readonly #limitBytes: number;
  readonly #key: string;
  #lines: ShownLine[] = [];
  #bytes = 0;
  #open: Buffer[] = [];
  #openBytes = 0;
  #openLength = 0;
  /** Bytes given up since this was last asked. */
  #skippedBytes: number;

  /** Holds at most `limitBytes`; `key` is where a reader finds what is not shown. */
  constructor(limitBytes: number, key: string, skippedBytes = 0) {
    this.#limitBytes = limitBytes;
    this.#key = key;
    this.#skippedBytes = skippedBytes;
  }

  add(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, start)) {
      this.#extend(bytes.subarray(start, at));
      this.#endLine(1);
      start = at + 1;
    }
    this.#extend(bytes.subarray(start));
  }

  /** The log has ended: what stands behind the last line feed is a line. */
  end(): void {
    if (this.#openLength > 0) this.#endLine(0);
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0 && this.#skippedBytes === 0;
  }

  /** The next line; a line that says what was skipped comes first. */
  take(): string | undefined {
    if (this.#skippedBytes > 0) {
      const notice = `[... ${this.#skippedBytes} bytes skipped: the whole log is in managed content, key ${this.#key}]`;
      this.#skippedBytes = 0;
      return notice;
    }
    const line = this.#lines.shift();
    if (line) this.#bytes -= line.bytes;
    return line?.text;
  }

  #extend(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#openLength += piece.length;
    const room = shownBytesMaximum - this.#openBytes;
    if (room <= 0) return;
    const kept = Buffer.from(piece.subarray(0, room));
    this.#open.push(kept);
    this.#openBytes += kept.length;
  }

  #endLine(lineFeedBytes: number): void {
    const isCut = this.#openLength > this.#openBytes;
    const text = Buffer.concat(this.#open).toString('utf8');
    const marker = isCut ? ` [... line of ${this.#openLength} bytes cut: key ${this.#key}]` : '';
    this.#push({ text: `${text}${marker}`, bytes: this.#openLength + lineFeedBytes });
    this.#open = [];
    this.#openBytes = 0;
    this.#openLength = 0;
  }

  #push(line: ShownLine): void {
    this.#lines.push(line);
    this.#bytes += line.bytes;
    while (this.#bytes > this.#limitBytes && this.#lines.length > 1) {
      const given = this.#lines.shift();
      this.#bytes -= given?.bytes ?? 0;
      this.#skippedBytes += given?.bytes ?? 0;
    }
  }
}
