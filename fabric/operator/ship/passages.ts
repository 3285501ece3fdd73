/**
 * Gaps in the middle of a followed log. The kubelet reads one file to its end and goes on with the newest: when it
 * rotated twice meanwhile, a whole file is left out and the stream goes on as if nothing had happened. The log API
 * shows nothing of it but the first line of the newest file. So a reader that comes late asks for that line: when it is
 * no younger than what was read last, all that follows stands in the file that is being read. When it is younger, the
 * log was rotated before the late reader: what lies between two files then cannot be known, and is named. But not where
 * the pause between two lines is too short for a lost file: files are put aside when they have reached a size, so that
 * a lost one had about as many bytes as the one before it, and not within moments, of which the one before it gave an
 * example.
 */
import { compareInstants, formatInstant, type Instant } from '../../podlog/instant.ts';
import type { Piece } from '../../podlog/scanner.ts';
import type { MissingLines } from './ledger.ts';

/**
 * A kubelet looks at the sizes of logs every three seconds at most (validation of `containerLogMonitorInterval`);
 * clocks may differ by one.
 */
const lateMs = 2_000;
/** In a log that was rotated before a late reader, longer pauses are named each by itself. */
const pauseMs = 1_000;
/** A file that was written to for as long as a kubelet's least interval was not put aside at each write. */
const lifeMs = 3_000;
/** No runtime writes a container's log faster: those seen reach 50 million bytes a second. */
const fastestBytesPerMs = 500_000;
/** Pauses that are remembered between two looks; of more, the longest. */
const pausesMaximum = 50;

/** What was seen of the present file, at least. */
interface FileSeen {
  readonly bytes: number;
  readonly ms: number;
}

interface Pause {
  readonly afterLine: number;
  readonly before: Instant;
  readonly after: Instant;
  readonly ms: number;
  /** Before the pause. */
  readonly file: FileSeen;
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
  readonly file: FileSeen;
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
  /** Of the present file: bytes read, and the time of the first line, epoch ms. */
  #fileBytes = 0;
  #fileBeganMs = 0;
  /** Lines up to this instant are known to stand in one file. */
  #provenUntilMs = 0;

  /**
   * Looks at the beginning of line `line` of the stored log. `askedAt` (epoch ms) is when its chunk was asked for: a
   * reader that asks long after the line before has held up everybody between the file and itself.
   */
  see(piece: Piece, line: number, askedAt: number): void {
    const { instant } = piece;
    if (!instant) return;
    const before = this.#last;
    this.#last = instant;
    if (!before) {
      this.#beginFile(piece, instant);
      return;
    }
    const ms = msOf(instant) - msOf(before);
    const file = { bytes: this.#fileBytes, ms: msOf(before) - this.#fileBeganMs };
    this.#fileBytes += piece.end - piece.start;
    if (this.#border) {
      if (compareInstants(instant, this.#border.instant) < 0) return;
      this.#passBorder({ afterLine: line, before, after: instant, ms, file });
      this.#beginFile(piece, instant);
      return;
    }
    const behindMs = askedAt - msOf(before);
    if (behindMs < lateMs || msOf(instant) <= this.#provenUntilMs) return;
    this.#doubt ??= { afterLine: line, before, behindMs, file };
    if (ms <= this.#forgottenMs) return;
    this.#remember({ afterLine: line, before, after: instant, ms, file });
  }

  /** True when the first line that the cluster has is to be asked for. */
  get isSuspicious(): boolean {
    return this.#doubt !== undefined && !this.#border;
  }

  /**
   * Takes the time of the first line that the cluster has, as it was at `now`. True when all that was read, and all
   * that follows, stands in one file.
   */
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
    if (isBehindBorder) {
      this.#fileBytes = 0;
      this.#fileBeganMs = msOf(firstAvailable);
    }
    return false;
  }

  /** The log was rotated since the reader was late: names the pauses in which a file may have been lost. */
  #nameHiding({ behindMs, ...doubt }: Doubt, { all, forgottenMs }: Pauses, firstAvailable: Instant): void {
    const isBorder = ({ after }: Pause) => compareInstants(after, firstAvailable) === 0;
    const hiding = all.filter((pause) => (isBorder(pause) ? mayHide(pause) : isLongEnough(pause)));
    const named = hiding.filter((pause) => pause.ms >= pauseMs || isBorder(pause));
    for (const pause of named.length > 0 ? named : hiding.slice(0, 1)) this.#name(pause, behindMs);
    const isBorderForgotten = !this.#border && !all.some(isBorder);
    const forgotten = { ms: forgottenMs, file: doubt.file };
    if (hiding.length === 0 && (isBorderForgotten ? mayHide(forgotten) : isLongEnough(forgotten))) {
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

  #beginFile(piece: Piece, instant: Instant): void {
    this.#fileBytes = piece.end - piece.start;
    this.#fileBeganMs = msOf(instant);
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

/** False when no file can have been lost in the pause between two files. */
function mayHide(pause: Pick<Pause, 'ms' | 'file'>): boolean {
  return pause.file.ms < lifeMs || isLongEnough(pause);
}

/** True when as much could be written in the pause as was read of the file before. */
function isLongEnough({ ms, file }: Pick<Pause, 'ms' | 'file'>): boolean {
  return ms * fastestBytesPerMs >= file.bytes;
}

function msOf({ seconds, nanoseconds }: Instant): number {
  return seconds * 1000 + nanoseconds / 1e6;
}
