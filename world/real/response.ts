/** An answer of the machine's network. What is written in small pieces is gathered and sent in rounds. */
import type { ServerResponse } from 'node:http';
import type { HttpResponse } from '../network.ts';
import { type LargeBuffers, largeBytesMin } from './large-buffers.ts';
import type { Sender, SendingRounds } from './sending-rounds.ts';

/** What is larger costs more to copy than a write of its own. */
const smallBytesMax = 8 * 1024;
/** So much is sent at once: gathering more saves nothing. */
const gatheredBytesMax = 32 * 1024;

export class RealResponse implements HttpResponse, Sender {
  readonly #outgoing: ServerResponse;
  readonly #rounds: SendingRounds;
  readonly #buffers: LargeBuffers;
  #hasHead = false;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #sentAtMs = Number.NEGATIVE_INFINITY;

  constructor(outgoing: ServerResponse, rounds: SendingRounds, buffers: LargeBuffers) {
    this.#outgoing = outgoing;
    this.#rounds = rounds;
    this.#buffers = buffers;
  }

  get headWritten(): boolean {
    return this.#hasHead || this.#outgoing.headersSent;
  }

  get sentAtMs(): number {
    return this.#sentAtMs;
  }

  head(status: number, headers: Readonly<Record<string, string | readonly string[]>>): void {
    const outgoing = this.#outgoing;
    // What Node.js refuses is not written: the request can still be answered.
    outgoing.writeHead(status, headers as Record<string, string | string[]>);
    this.#hasHead = true;
    // Mostly the whole body follows at once: together they are one packet, and half the work.
    setImmediate(() => {
      if (!outgoing.writableEnded && !outgoing.destroyed) outgoing.flushHeaders();
    });
  }

  write(chunk: Uint8Array | string): boolean {
    const outgoing = this.#outgoing;
    if (outgoing.destroyed || outgoing.writableEnded) return true;
    this.#hasHead = true;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (bytes.length > smallBytesMax) {
      this.#writeGathered();
      return outgoing.write(bytes);
    }
    if (this.#gathered.push(bytes) === 1) this.#rounds.join(this);
    this.#gatheredBytes += bytes.length;
    return this.#gatheredBytes < gatheredBytesMax ? !outgoing.writableNeedDrain : this.#writeGathered();
  }

  send(nowMs: number): void {
    const { socket } = this.#outgoing;
    this.#sentAtMs = nowMs;
    // Otherwise Node.js would keep each connection's bytes until the turn is over: the round shall know how long
    // sending takes.
    socket?.cork();
    this.#writeGathered();
    socket?.uncork();
  }

  drained(): Promise<void> {
    const outgoing = this.#outgoing;
    if (outgoing.destroyed || !outgoing.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      const settle = () => {
        outgoing.off('drain', settle);
        outgoing.off('close', settle);
        resolve();
      };
      outgoing.once('drain', settle);
      outgoing.once('close', settle);
    });
  }

  end(body?: Uint8Array | string | readonly Uint8Array[]): void {
    if (this.#outgoing.writableEnded) return;
    this.#writeGathered();
    if (isParts(body)) this.#endWith(body);
    else this.#outgoing.end(body);
  }

  #endWith(parts: readonly Uint8Array[]): void {
    const bytes = parts.reduce((total, part) => total + part.length, 0);
    if (bytes < largeBytesMin) return void this.#outgoing.end(Buffer.concat(parts, bytes));
    const joined = this.#buffers.join(parts, bytes);
    // Finished is what the machine has taken over. A connection that breaks before never is: then the buffer is left to
    // the collector.
    this.#outgoing.once('finish', () => this.#buffers.giveBack(joined));
    this.#outgoing.end(joined);
  }

  reset(): void {
    this.#gathered.length = 0;
    this.#rounds.leave(this);
    this.#outgoing.destroy();
  }

  /** As `write` answers. */
  #writeGathered(): boolean {
    const outgoing = this.#outgoing;
    const gathered = this.#gathered;
    if (gathered.length === 0) return true;
    const bytes = this.#rounds.joined.join(gathered);
    gathered.length = 0;
    this.#gatheredBytes = 0;
    this.#rounds.leave(this);
    return outgoing.destroyed || outgoing.writableEnded || outgoing.write(bytes);
  }
}

function isParts(body: Uint8Array | string | readonly Uint8Array[] | undefined): body is readonly Uint8Array[] {
  return Array.isArray(body);
}
