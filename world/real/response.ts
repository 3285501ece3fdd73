/** An answer of the machine's network. What is written in small pieces is gathered and sent in rounds. */
import type { ServerResponse } from 'node:http';
import type { HttpResponse } from '../network.ts';
import type { Sender, SendingRounds } from './sending-rounds.ts';

/** What is larger costs more to copy than a write of its own. */
const smallBytesMax = 8 * 1024;
/** So much is sent at once: gathering more saves nothing. */
const gatheredBytesMax = 32 * 1024;

export class RealResponse implements HttpResponse, Sender {
  readonly #outgoing: ServerResponse;
  readonly #rounds: SendingRounds;
  #hasHead = false;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #sentAtMs = Number.NEGATIVE_INFINITY;

  constructor(outgoing: ServerResponse, rounds: SendingRounds) {
    this.#outgoing = outgoing;
    this.#rounds = rounds;
  }

  get headWritten(): boolean {
    return this.#hasHead || this.#outgoing.headersSent;
  }

  get sentAtMs(): number {
    return this.#sentAtMs;
  }

  head(status: number, headers: Readonly<Record<string, string | readonly string[]>>): void {
    const outgoing = this.#outgoing;
    this.#hasHead = true;
    outgoing.writeHead(status, headers as Record<string, string | string[]>);
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
    // Otherwise Node.js would keep each connection's bytes until the turn is over: the round shall know how long sending takes.
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

  end(chunk?: Uint8Array | string): void {
    if (this.#outgoing.writableEnded) return;
    this.#writeGathered();
    this.#outgoing.end(chunk);
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
