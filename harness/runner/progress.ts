/**
 * How far a play has come, in memory that the playing thread shares with the one that watches it: it can be read while
 * the player is caught in a loop. Progress is virtual time that passes, or a new step of the scenario.
 */

const textBytes = 1024;
const headBytes = 16;

/** What is known of a play from outside its thread. */
export interface ProgressReading {
  /** Grows with each progress. */
  readonly count: number;
  /** Virtual time, epoch ms; 0 before the first instant. */
  readonly at: number;
  /** The scenario's last step; empty before the first. */
  readonly step: string;
}

export class Progress {
  readonly buffer: SharedArrayBuffer;
  readonly #count: Int32Array;
  readonly #at: Float64Array;
  readonly #text: Uint8Array;

  constructor(buffer = new SharedArrayBuffer(headBytes + textBytes)) {
    this.buffer = buffer;
    this.#count = new Int32Array(buffer, 0, 2);
    this.#at = new Float64Array(buffer, 8, 1);
    this.#text = new Uint8Array(buffer, headBytes, textBytes);
  }

  /** Virtual time has come to that instant. */
  reached(at: number): void {
    this.#at[0] = at;
    Atomics.add(this.#count, 0, 1);
  }

  /** The scenario has begun that step; an empty text begins a play. */
  began(step: string): void {
    const bytes = Buffer.from(step).subarray(0, textBytes);
    this.#text.set(bytes);
    Atomics.store(this.#count, 1, bytes.length);
    Atomics.add(this.#count, 0, 1);
  }

  read(): ProgressReading {
    const step = Buffer.from(this.#text.slice(0, Atomics.load(this.#count, 1))).toString();
    return { count: Atomics.load(this.#count, 0), at: this.#at[0] ?? 0, step };
  }
}
