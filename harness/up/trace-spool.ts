/** A trace, spooled to a file so that memory stays flat. One JSON document a line. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { TraceEvent } from '../../world/simulated/trace.ts';

const FLUSH_BYTES = 65_536;

export class TraceSpool {
  readonly #file: number;
  #pending: string[] = [];
  #pendingLength = 0;
  #size = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w+');
  }

  write(event: TraceEvent): void {
    // Steps of the clock are told by the other events' times.
    if (event.type === 'step') return;
    const line = `${JSON.stringify(event)}\n`;
    this.#pending.push(line);
    this.#pendingLength += line.length;
    if (this.#pendingLength >= FLUSH_BYTES) this.#flush();
  }

  /** The trace so far, in pieces. */
  *read(): Generator<Buffer> {
    this.#flush();
    const end = this.#size;
    for (let position = 0; position < end; ) {
      const buffer = Buffer.alloc(Math.min(FLUSH_BYTES, end - position));
      position += readSync(this.#file, buffer, 0, buffer.length, position);
      yield buffer;
    }
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    if (this.#pending.length === 0) return;
    const bytes = Buffer.from(this.#pending.join(''));
    this.#pending = [];
    this.#pendingLength = 0;
    writeSync(this.#file, bytes, 0, bytes.length, this.#size);
    this.#size += bytes.length;
  }
}
