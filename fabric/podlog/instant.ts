/** Instants with nanoseconds, as the pod log API prints them: RFC 3339, `2026-01-01T00:00:00.000000000Z`. */

export interface Instant {
  /** Whole seconds since the epoch. */
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** The instant, or undefined if the text is none. */
export function parseInstant(text: string): Instant | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9})\d*)?(Z|[+-]\d{2}:\d{2})$/.exec(text);
  if (!parts) return undefined;
  const [, whole, fraction = '', zone] = parts;
  const ms = Date.parse(`${whole}${zone}`);
  // Date.parse takes the 30th of February for the 2nd of March.
  if (Number.isNaN(ms) || formatSecond(Date.parse(`${whole}Z`) / 1000) !== whole) return undefined;
  return { seconds: ms / 1000, nanoseconds: Number(fraction.padEnd(9, '0')) };
}

/** Of epoch ms. */
export function instantOf(ms: number): Instant {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanoseconds: Math.round((ms - seconds * 1000) * 1e6) };
}

export function formatInstant(instant: Instant): string {
  return `${formatSecond(instant.seconds)}.${String(instant.nanoseconds).padStart(9, '0')}Z`;
}

/** `2026-01-01T00:00:00` without its zone. */
function formatSecond(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19);
}

/** As `sinceTime` of the pod log API, which counts whole seconds. */
export function formatWholeSecond(seconds: number): string {
  return `${formatSecond(seconds)}Z`;
}

export function compareInstants(left: Instant, right: Instant): number {
  return left.seconds - right.seconds || left.nanoseconds - right.nanoseconds;
}

const secondLength = 19;
const nanosecondsLength = 9;
const prefixLength = 30;

/**
 * Reads the time before each line fast: lines of one second share their first 19 bytes, so only the fraction is read
 * anew.
 */
export class InstantReader {
  #secondBytes: Buffer = Buffer.alloc(0);
  #seconds = 0;

  /** The instant that `bytes` [start, end) holds; undefined if it is none. */
  read(bytes: Buffer, start: number, end: number): Instant | undefined {
    if (end - start !== prefixLength || !this.#knows(bytes, start)) {
      return this.#learn(bytes, start, end);
    }
    const nanoseconds = digitsOf(bytes, start + secondLength + 1);
    return nanoseconds < 0 ? undefined : { seconds: this.#seconds, nanoseconds };
  }

  #knows(bytes: Buffer, start: number): boolean {
    const known = this.#secondBytes;
    return (
      known.length === secondLength &&
      bytes.compare(known, 0, secondLength, start, start + secondLength) === 0 &&
      bytes[start + secondLength] === 0x2e &&
      bytes[start + prefixLength - 1] === 0x5a
    );
  }

  #learn(bytes: Buffer, start: number, end: number): Instant | undefined {
    const instant = parseInstant(bytes.toString('latin1', start, end));
    if (instant && end - start === prefixLength) {
      this.#secondBytes = Buffer.from(bytes.subarray(start, start + secondLength));
      this.#seconds = instant.seconds;
    }
    return instant;
  }
}

/** Nine digits as a number; -1 if one is none. */
function digitsOf(bytes: Buffer, start: number): number {
  let value = 0;
  for (let index = start; index < start + nanosecondsLength; index++) {
    const digit = (bytes[index] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
