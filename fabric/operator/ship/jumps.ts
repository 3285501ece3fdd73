/**
 * Gaps in the middle of a stream. The kubelet reads one file to its end and goes on with the newest: when it rotated twice meanwhile,
 * a whole file is left out and the stream goes on as if nothing had happened. All that shows it is a jump in time while the
 * reader was behind. Such a jump is harmless when the newest file holds what stands before it; else it is named.
 */
import { compareInstants, formatInstant, type Instant } from '../../podlog/instant.ts';
import type { Piece } from '../../podlog/scanner.ts';
import type { MissingLines } from './ledger.ts';

/** A file that was lost spans the time between two looks of the kubelet (`containerLogMonitorInterval`, 10 s; configurable). */
const rotationSeconds = 2;
/** A reader that is behind by less has been waiting for the next line. */
const behindMs = 5_000;

interface Jump {
  readonly afterLine: number;
  readonly before: Instant;
  readonly after: Instant;
  readonly behindMs: number;
}

export class JumpWatch {
  #last: Instant | undefined;
  #jumps: Jump[] = [];
  /** Lines up to this instant are known to stand in one file. */
  #provenUntilMs = 0;

  /**
   * Looks at the beginning of line `line` of the stored log. `askedAt` (epoch ms) is when its chunk was asked for: a reader that asks
   * long after the line before has held up everybody between the file and itself.
   */
  see(piece: Piece, line: number, askedAt: number): void {
    const { instant } = piece;
    if (!instant) return;
    const before = this.#last;
    if (before && instant.seconds - before.seconds >= rotationSeconds) {
      const lagMs = askedAt - before.seconds * 1000;
      if (lagMs >= behindMs && instant.seconds * 1000 > this.#provenUntilMs) {
        this.#jumps.push({ afterLine: line, before, after: instant, behindMs: lagMs });
      }
    }
    this.#last = instant;
  }

  get isSuspicious(): boolean {
    return this.#jumps.length > 0;
  }

  /** The gaps among the jumps seen, given the first line that the cluster had at `now`. Each jump is judged once. */
  judge(firstAvailable: Instant | undefined, now: number): MissingLines[] {
    const jumps = this.#jumps;
    this.#jumps = [];
    if (firstAvailable) this.#provenUntilMs = now;
    return jumps
      .filter((jump) => !firstAvailable || compareInstants(firstAvailable, jump.before) > 0)
      .map((jump) => ({
        afterLine: jump.afterLine,
        reason:
          `the log jumps from ${formatInstant(jump.before)} to ${formatInstant(jump.after)} while it was read ` +
          `${Math.round(jump.behindMs / 1000)} s late: rotated files may have been lost`,
      }));
  }
}
