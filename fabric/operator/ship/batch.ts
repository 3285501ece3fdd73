/** Gathers lines for the next request. A batch ends with a whole line, unless one line alone is larger than a batch. */

export interface ReadyBatch {
  readonly line: number;
  /** Text bytes of the first line that were sent before. */
  readonly offset: number;
  readonly bytes: Buffer;
}

export class BatchBuilder {
  /** Where the next batch begins. */
  #line: number;
  #offset: number;
  #pieces: Buffer[] = [];
  /** The piece that still grows: lines of one chunk lie behind one another and are taken as one. */
  #growing: { readonly bytes: Buffer; readonly start: number; end: number } | undefined;
  #bytes = 0;
  /** Of the bytes gathered: up to the end of the last whole line, and how many lines that is. */
  #wholeBytes = 0;
  #wholeLines = 0;
  /** Of the bytes gathered: text of the line that is not whole yet. */
  #openTextBytes = 0;

  constructor(line: number, offset: number) {
    this.#line = line;
    this.#offset = offset;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whole lines up to here, those that were sent included: the index of the line that comes next. */
  get nextLine(): number {
    return this.#line + this.#wholeLines;
  }

  /** Adds a piece of a line, `bytes` [start, end), of which `textBytes` are not its time. The bytes must not change. */
  add(bytes: Buffer, start: number, end: number, textBytes: number, endsLine: boolean): void {
    if (this.#growing?.bytes === bytes && this.#growing.end === start) {
      this.#growing.end = end;
    } else {
      this.#settle();
      this.#growing = { bytes, start, end };
    }
    this.#bytes += end - start;
    this.#openTextBytes += textBytes;
    if (!endsLine) return;
    this.#wholeBytes = this.#bytes;
    this.#wholeLines += 1;
    this.#openTextBytes = 0;
  }

  /** The whole lines gathered; with `fully` what stands behind them too. Undefined when that is nothing. */
  take(fully: boolean): ReadyBatch | undefined {
    this.#settle();
    const end = fully ? this.#bytes : this.#wholeBytes;
    if (end === 0) return undefined;
    const all = Buffer.concat(this.#pieces);
    const batch = { line: this.#line, offset: this.#offset, bytes: all.subarray(0, end) };
    const begunBefore = this.#wholeLines === 0 ? this.#offset : 0;
    this.#line += this.#wholeLines;
    this.#offset = fully ? begunBefore + this.#openTextBytes : 0;
    if (fully) this.#openTextBytes = 0;
    const rest = all.subarray(end);
    this.#pieces = rest.length > 0 ? [rest] : [];
    this.#bytes = rest.length;
    this.#wholeBytes = 0;
    this.#wholeLines = 0;
    return batch;
  }

  #settle(): void {
    if (this.#growing) this.#pieces.push(this.#growing.bytes.subarray(this.#growing.start, this.#growing.end));
    this.#growing = undefined;
  }
}
