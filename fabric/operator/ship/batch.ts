/**
 * Gathers lines for the next request. A batch ends with a whole line, unless one line alone is larger than a batch. Its
 * bytes lie in a buffer that is used again when the batch is stored: a large log leaves nothing of it to the garbage
 * collector.
 */

export interface ReadyBatch {
  readonly line: number;
  /** Text bytes of the first line that were sent before. */
  readonly offset: number;
  readonly bytes: Buffer;
}

const bufferBytesMinimum = 128 * 1024;
/**
 * From the least size to the largest in two steps: each one leaves a buffer behind. Pages that nothing was written to
 * take no memory.
 */
const growth = 8;

export class BatchBuilder {
  /** Where the next batch begins. */
  #line: number;
  #offset: number;
  #buffer: Buffer = Buffer.allocUnsafeSlow(bufferBytesMinimum);
  /** Of a batch that is stored. */
  #spare: Buffer | undefined;
  /** A piece that still grows: lines of one chunk lie behind one another and are copied as one. */
  #growing: { readonly bytes: Buffer; readonly start: number; end: number } | undefined;
  /** Bytes in the buffer. */
  #copied = 0;
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
    const batch = { line: this.#line, offset: this.#offset, bytes: this.#buffer.subarray(0, end) };
    const begunBefore = this.#wholeLines === 0 ? this.#offset : 0;
    this.#line += this.#wholeLines;
    this.#offset = fully ? begunBefore + this.#openTextBytes : 0;
    if (fully) this.#openTextBytes = 0;
    this.#beginBuffer(this.#buffer.subarray(end, this.#bytes));
    this.#wholeBytes = 0;
    this.#wholeLines = 0;
    return batch;
  }

  /** The batch is stored: nobody looks at its bytes any more. */
  release({ bytes }: ReadyBatch): void {
    const { buffer } = bytes;
    if (buffer !== this.#buffer.buffer) this.#spare = Buffer.from(buffer);
  }

  #beginBuffer(rest: Buffer): void {
    const next = this.#spare ?? Buffer.allocUnsafeSlow(bufferBytesMinimum);
    this.#spare = undefined;
    this.#buffer = next;
    this.#copied = 0;
    this.#copy(rest);
    this.#bytes = rest.length;
  }

  #settle(): void {
    if (this.#growing) this.#copy(this.#growing.bytes.subarray(this.#growing.start, this.#growing.end));
    this.#growing = undefined;
  }

  #copy(bytes: Buffer): void {
    const needed = this.#copied + bytes.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, growth * this.#buffer.length));
      this.#buffer.copy(larger, 0, 0, this.#copied);
      this.#buffer = larger;
    }
    this.#copied += bytes.copy(this.#buffer, this.#copied);
  }
}
