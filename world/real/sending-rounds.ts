/**
 * Streams send what they have gathered in rounds: a change that hundreds of watches wait for is one turn of work, and
 * while writing takes much of the process's time, each busy stream sends several changes in one write. A quiet stream's
 * bytes go at the end of the turn.
 */

import { Joined } from '../joined.ts';

/** Something with bytes that wait to be sent. */
export interface Sender {
  /** Hands over to the connection what waits; does nothing when that is nothing. By the monotonic clock, ms. */
  send(nowMs: number): void;
  /** When it has sent last, the same clock. */
  readonly sentAtMs: number;
}

/** Behind a round is a pause of so many times its length: sending takes at most a quarter of the process's time. */
const pauseFactor = 3;
/** A reader never waits longer than this for what there is, ms. */
const pauseMaxMs = 25;
/** Who has sent within so many ms will soon send again: then it is worth waiting for more. */
const busyMs = 20;
/** A timer is no finer; shorter pauses are none, ms. */
const pauseMinMs = 0.5;

export class SendingRounds {
  /** Streams that tell many of the same thing send the same. */
  readonly joined = new Joined();
  #waiting = new Set<Sender>();
  #isPlanned = false;
  /** By the monotonic clock, ms. */
  #notBefore = 0;

  /** The sender's `send` is called in the next round, in the order of the calls. */
  join(sender: Sender): void {
    this.#waiting.add(sender);
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    const pauseMs = this.#notBefore - performance.now();
    if (pauseMs < pauseMinMs) setImmediate(() => this.#round());
    else setTimeout(() => this.#round(), pauseMs);
  }

  leave(sender: Sender): void {
    this.#waiting.delete(sender);
  }

  #round(): void {
    this.#isPlanned = false;
    const senders = this.#waiting;
    this.#waiting = new Set();
    const begun = performance.now();
    let busy = 0;
    for (const sender of senders) {
      if (begun - sender.sentAtMs < busyMs) busy++;
      sender.send(begun);
    }
    const end = performance.now();
    const isWorthWaiting = busy * 2 > senders.size;
    this.#notBefore = isWorthWaiting ? end + Math.min(pauseMaxMs, pauseFactor * (end - begun)) : end;
  }
}
