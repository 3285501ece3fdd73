/**
 * Gaps in the middle of a followed log. The kubelet reads one file to its end and goes on with the newest: when it rotated twice meanwhile, a
 * whole file is left out and the stream goes on as if nothing had happened. The log API shows nothing of it but the first line of the newest
 * file. So a reader that comes late asks for that line: when it is no younger than what was read last, all that follows stands in the file that is
 * being read. When it is younger, the log was rotated before the late reader: what lies between two files then cannot be known, and is named.
 * But not where the pause between two lines is too short for a lost file: files are put aside when they have reached a size, and so a lost one had
 * about as many bytes as the one before it.
 */
import { compareInstants, formatInstant, type Instant } from '../../podlog/instant.ts';
import type { Piece } from '../../podlog/scanner.ts';
import type { MissingLines } from './ledger.ts';

/** A kubelet looks at the sizes of logs every three seconds at most (validation of `containerLogMonitorInterval`); clocks may differ by one. */
const lateMs = 2_000;
/** In a log that was rotated before a late reader, longer pauses are named each by itself. */
const pauseMs = 1_000;
/** No runtime writes a container's log faster: those seen reach 50 million bytes a second. */
const fastestBytesPerMs = 500_000;
/** Pauses that are remembered between two looks; of more, the longest. */
const pausesMaximum = 50;

interface Pause {
  readonly afterLine: number;
  readonly before: Instant;
  readonly after: Instant;
  readonly ms: number;
  /** What was read before it of the same file, at least. */
  readonly fileBytes: number;
}

interface Pauses {
  /** The longest first. */
  readonly all: readonly Pause[];
  /** All others are no longer than this. */
  readonly forgottenMs: number;
}

/** The first line at which the reader was late since the last look. */
interface Doubt {
  readonly afterLine: number;
  readonly before: Instant;
  readonly behindMs: number;
  readonly fileBytes: number;
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
  /** What was read of the present file, at least. */
  #fileBytes = 0;
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
    const ms = msOf(instant) - msOf(before);
    const fileBytes = this.#fileBytes;
    this.#fileBytes += piece.end - piece.start;
    if (this.#border) {
      if (compareInstants(instant, this.#border.instant) < 0) return;
      this.#passBorder({ afterLine: line, before, after: instant, ms, fileBytes });
      this.#fileBytes = piece.end - piece.start;
      return;
    }
    const behindMs = askedAt - msOf(before);
    if (behindMs < lateMs || msOf(instant) <= this.#provenUntilMs) return;
    this.#doubt ??= { afterLine: line, before, behindMs, fileBytes };
    if (ms <= this.#forgottenMs) return;
    this.#remember({ afterLine: line, before, after: instant, ms, fileBytes });
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
    const isBehindBorder = this.#last !== undefined && compareInstants(this.#last, firstAvailable) >= 0;
    if (!isBehindBorder) this.#border = { instant: firstAvailable, behindMs: doubt.behindMs };
    this.#nameHiding(doubt, pauses, firstAvailable);
    if (isBehindBorder) this.#fileBytes = 0;
    return false;
  }

  /** The log was rotated since the reader was late: names the pauses in which a file may have been lost. */
  #nameHiding({ behindMs, ...doubt }: Doubt, { all, forgottenMs }: Pauses, firstAvailable: Instant): void {
    const hiding = all.filter(mayHide);
    const named = hiding.filter(({ ms, after }) => ms >= pauseMs || compareInstants(after, firstAvailable) === 0);
    for (const pause of named.length > 0 ? named : hiding.slice(0, 1)) this.#name(pause, behindMs);
    if (hiding.length === 0 && mayHide({ ms: forgottenMs, fileBytes: doubt.fileBytes })) {
      this.#name({ ...doubt, after: firstAvailable }, behindMs);
    }
  }

  /** Nobody says what the first line is: where the reader was late is not known to be whole. */
  settle(why: string): void {
    const doubt = this.#doubt;
    if (!doubt) return;
    const long = this.#takePauses().all.filter(({ ms }) => ms >= pauseMs);
    for (const pause of long) this.#name(pause, doubt.behindMs);
    const late = `${(doubt.behindMs / 1000).toFixed(0)} s late`;
    if (long.length === 0) {
      this.#gaps.push({
        afterLine: doubt.afterLine,
        reason: `from here on lines may have been lost: the log was read ${late}, and ${why}`,
      });
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

  #passBorder(pause: Pause): void {
    const { behindMs = 0 } = this.#border ?? {};
    this.#border = undefined;
    if (mayHide(pause)) this.#name(pause, behindMs);
  }

  #remember(pause: Pause): void {
    const at = this.#pauses.findIndex(({ ms }) => ms < pause.ms);
    this.#pauses.splice(at < 0 ? this.#pauses.length : at, 0, pause);
    if (this.#pauses.length > pausesMaximum) this.#forgottenMs = this.#pauses.pop()?.ms ?? 0;
  }

  #takePauses(): Pauses {
    const taken = { all: this.#pauses, forgottenMs: this.#forgottenMs };
    this.#doubt = undefined;
    this.#pauses = [];
    this.#forgottenMs = -1;
    return taken;
  }

  #name({ afterLine, before, after }: Pick<Pause, 'afterLine' | 'before' | 'after'>, behindMs: number): void {
    const late = `${(behindMs / 1000).toFixed(0)} s late`;
    const reason =
      `the log was rotated while it was read ${late}: files between ` +
      `${formatInstant(before)} and ${formatInstant(after)} may have been lost`;
    this.#gaps.push({ afterLine, reason });
  }
}

/** True when a whole file may have been written in the pause: one as large as what was read of the file before. */
function mayHide({ ms, fileBytes }: Pick<Pause, 'ms' | 'fileBytes'>): boolean {
  return ms * fastestBytesPerMs >= fileBytes;
}

function msOf({ seconds, nanoseconds }: Instant): number {
  return seconds * 1000 + nanoseconds / 1e6;
}
