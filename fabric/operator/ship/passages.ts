/**
 * Gaps in the middle of a followed log. The kubelet reads one file to its end and goes on with the newest: when it rotated twice meanwhile, a
 * whole file is left out and the stream goes on as if nothing had happened. The log API shows nothing of it but the first line of the newest
 * file. So a reader that comes late asks for that line: when it is no younger than what was read last, all that follows stands in the file that is
 * being read. When it is younger, the log was rotated before the late reader: what lies between two files then cannot be known, and is named.
 */
import { compareInstants, formatInstant, type Instant } from '../../podlog/instant.ts';
import type { Piece } from '../../podlog/scanner.ts';
import type { MissingLines } from './ledger.ts';

/** A kubelet looks at the sizes of logs every three seconds at most (validation of `containerLogMonitorInterval`); clocks may differ by one. */
const lateMs = 2_000;
/** In a log that was rotated before a late reader, longer pauses may be lost files. */
const pauseMs = 1_000;
/** Pauses that are remembered between two looks; of more, the longest. */
const pausesMaximum = 50;

interface Pause {
  readonly afterLine: number;
  readonly before: Instant;
  readonly after: Instant;
  readonly ms: number;
}

/** The first line at which the reader was late since the last look. */
interface Doubt {
  readonly afterLine: number;
  readonly before: Instant;
  readonly behindMs: number;
}

export class PassageWatch {
  #last: Instant | undefined;
  #doubt: Doubt | undefined;
  #pauses: Pause[] = [];
  /** Pauses that are no longer than this are not remembered any more. */
  #forgottenMs = -1;
  /** The first line of a newer file, which the reader has not come to. */
  #border: { readonly instant: Instant; readonly behindMs: number } | undefined;
  #gaps: MissingLines[] = [];
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
    this.#last = instant;
    if (!before) return;
    if (this.#border && compareInstants(instant, this.#border.instant) >= 0) this.#passBorder(line, before, instant);
    const behindMs = askedAt - msOf(before);
    if (behindMs < lateMs || msOf(instant) <= this.#provenUntilMs) return;
    this.#doubt ??= { afterLine: line, before, behindMs };
    const ms = msOf(instant) - msOf(before);
    if (ms > this.#forgottenMs) this.#remember({ afterLine: line, before, after: instant, ms });
  }

  /** True when the first line that the cluster has is to be asked for. */
  get isSuspicious(): boolean {
    return this.#doubt !== undefined && !this.#border;
  }

  /** Takes the time of the first line that the cluster has, as it was at `now`. True when all that was read, and all that follows, stands in one file. */
  judge(firstAvailable: Instant, now: number): boolean {
    const doubt = this.#doubt;
    if (!doubt) return true;
    const pauses = this.#takePauses();
    if (compareInstants(firstAvailable, doubt.before) <= 0) {
      this.#provenUntilMs = now;
      return true;
    }
    const { behindMs } = doubt;
    const isBehindBorder = this.#last !== undefined && compareInstants(this.#last, firstAvailable) >= 0;
    if (!isBehindBorder) this.#border = { instant: firstAvailable, behindMs };
    const found = pauses.filter(({ ms, after }) => ms >= pauseMs || compareInstants(after, firstAvailable) === 0);
    for (const { afterLine, before, after } of found) this.#name(afterLine, before, after, behindMs);
    if (isBehindBorder && found.length === 0) this.#name(doubt.afterLine, doubt.before, firstAvailable, behindMs);
    return false;
  }

  /** Nobody says what the first line is: where the reader was late is not known to be whole. */
  settle(why: string): void {
    const doubt = this.#doubt;
    if (!doubt) return;
    const long = this.#takePauses().filter(({ ms }) => ms >= pauseMs);
    for (const { afterLine, before, after } of long) this.#name(afterLine, before, after, doubt.behindMs);
    const late = `${(doubt.behindMs / 1000).toFixed(0)} s late`;
    if (long.length === 0) {
      this.#gaps.push({ afterLine: doubt.afterLine, reason: `from here on the log was read ${late}, and ${why}` });
    }
  }

  /** The reader leaves the stream before the line at which it was late. */
  forget(): void {
    this.#takePauses();
  }

  /** The gaps found since this was asked last. */
  takeGaps(): MissingLines[] {
    const gaps = this.#gaps;
    this.#gaps = [];
    return gaps;
  }

  #passBorder(line: number, before: Instant, instant: Instant): void {
    const { behindMs = 0 } = this.#border ?? {};
    this.#border = undefined;
    this.#name(line, before, instant, behindMs);
  }

  #remember(pause: Pause): void {
    const at = this.#pauses.findIndex(({ ms }) => ms < pause.ms);
    this.#pauses.splice(at < 0 ? this.#pauses.length : at, 0, pause);
    if (this.#pauses.length > pausesMaximum) this.#forgottenMs = this.#pauses.pop()?.ms ?? 0;
  }

  #takePauses(): Pause[] {
    const pauses = this.#pauses;
    this.#doubt = undefined;
    this.#pauses = [];
    this.#forgottenMs = -1;
    return pauses;
  }

  #name(afterLine: number, before: Instant, after: Instant, behindMs: number): void {
    const late = `${(behindMs / 1000).toFixed(0)} s late`;
    const reason =
      `the log was rotated while it was read ${late}: files between ` +
      `${formatInstant(before)} and ${formatInstant(after)} may have been lost`;
    this.#gaps.push({ afterLine, reason });
  }
}

function msOf({ seconds, nanoseconds }: Instant): number {
  return seconds * 1000 + nanoseconds / 1e6;
}
