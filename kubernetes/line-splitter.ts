/** Cuts a stream of bytes into lines: chunk boundaries may fall anywhere, also inside a character. */
const newline = 0x0a;

export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #partial: Buffer[] = [];

  /** `onLine` gets each whole line without its line feed; empty lines are left out. */
  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      const line = this.#complete(chunk.subarray(start, end));
      start = end + 1;
      if (line !== '') this.#onLine(line);
    }
    if (start < chunk.length) this.#partial.push(chunk.subarray(start));
  }

  /** What came after the last line feed; empty when the stream ended with a whole line. */
  rest(): string {
    return Buffer.concat(this.#partial).toString('utf8');
  }

  #complete(last: Buffer): string {
    if (this.#partial.length === 0) return last.toString('utf8');
    const line = Buffer.concat([...this.#partial, last]).toString('utf8');
    this.#partial = [];
    return line;
  }
}
