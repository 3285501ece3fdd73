/**
 * The text of a run's attempts behind one another, as managed content has to have it: each attempt begins on a line of
 * its own. Only length and hash are kept, so that a log of any size costs nothing.
 */
import { createHash, type Hash } from 'node:crypto';
import type { StoredLogFacts } from '../invariants/logs.ts';

const lineFeed = 0x0a;

export class RunText {
  #hash: Hash = createHash('sha256');
  #bytes = 0;
  #attempt: string | undefined;
  #endsLine = true;

  /** The same text, to be gone on with by itself. */
  copy(): RunText {
    const copy = new RunText();
    copy.#hash = this.#hash.copy();
    copy.#bytes = this.#bytes;
    copy.#attempt = this.#attempt;
    copy.#endsLine = this.#endsLine;
    return copy;
  }

  /** What an attempt goes on with. */
  add(attempt: string, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (attempt !== this.#attempt && !this.#endsLine) this.#append(Buffer.from([lineFeed]));
    this.#attempt = attempt;
    this.#endsLine = bytes.at(-1) === lineFeed;
    this.#append(bytes);
  }

  get facts(): StoredLogFacts {
    return { bytes: this.#bytes, sha256: this.#hash.copy().digest('hex') };
  }

  #append(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    this.#hash.update(bytes);
  }
}
