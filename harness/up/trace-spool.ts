/**
 * A trace, spooled to a file so that memory stays flat. One JSON document a line. Where the run has no end only the
 * newest events are kept, so that the disk stays flat as well: a file that is full becomes the older one of two.
 */
import { closeSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import type { TraceEvent } from '../../world/simulated/trace.ts';

const FLUSH_BYTES = 65_536;

export class TraceSpool {
  readonly #path: string;
  readonly #fileBytesMax: number;
  #file: number;
  #pending: string[] = [];
  #pendingLength = 0;
  #size = 0;
  #olderSize = 0;
  #droppedBytes = 0;

  /** Keeps everything, or at least the newest `fileBytesMax` bytes, and at most twice as many. */
  constructor(path: string, fileBytesMax = Number.POSITIVE_INFINITY) {
    this.#path = path;
    this.#fileBytesMax = fileBytesMax;
    this.#file = openSync(path, 'w', 0o600);
  }

  write(event: TraceEvent): void {
    // Steps of the clock are told by the other events' times.
    if (event.type === 'step') return;
    const line = `${JSON.stringify(event)}\n`;
    this.#pending.push(line);
    this.#pendingLength += line.length;
    if (this.#pendingLength >= FLUSH_BYTES) this.#flush();
  }

  /** The trace as it is when the first piece is taken, in pieces; the first says so if older events are gone. */
  *read(): Generator<Buffer> {
    this.#flush();
    const parts = [
      ...(this.#olderSize > 0 ? [{ file: openSync(this.#olderPath, 'r'), size: this.#olderSize }] : []),
      { file: openSync(this.#path, 'r'), size: this.#size },
    ];
    try {
      if (this.#droppedBytes > 0) yield Buffer.from(`${JSON.stringify(this.#gap())}\n`);
      for (const { file, size } of parts) yield* pieces(file, size);
    } finally {
      for (const { file } of parts) closeSync(file);
    }
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  get #olderPath(): string {
    return `${this.#path}.older`;
  }

  #gap(): object {
    return { type: 'note', topic: 'older events are not kept', facts: { bytes: this.#droppedBytes } };
  }

  #flush(): void {
    if (this.#pending.length === 0) return;
    const bytes = Buffer.from(this.#pending.join(''));
    this.#pending = [];
    this.#pendingLength = 0;
    writeSync(this.#file, bytes, 0, bytes.length, this.#size);
    this.#size += bytes.length;
    if (this.#size >= this.#fileBytesMax) this.#turnOver();
  }

  #turnOver(): void {
    closeSync(this.#file);
    renameSync(this.#path, this.#olderPath);
    this.#droppedBytes += this.#olderSize;
    this.#olderSize = this.#size;
    this.#size = 0;
    this.#file = openSync(this.#path, 'w', 0o600);
  }
}

function* pieces(file: number, size: number): Generator<Buffer> {
  for (let position = 0; position < size; ) {
    const buffer = Buffer.alloc(Math.min(FLUSH_BYTES, size - position));
    position += readSync(file, buffer, 0, buffer.length, position);
    yield buffer;
  }
}
