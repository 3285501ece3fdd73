/**
 * Instants and durations as texts, in Go's and RFC 3339's forms, and the range that they have. Source: cel-go
 * common/types.
 */
import { EvaluationError } from '../errors.ts';
import { Duration, INT_MAX, INT_MIN, Timestamp } from '../values/value.ts';

const SECOND = 1_000_000_000n;

/** The years 1 to 9999. */
const TIMESTAMP_MIN = -62_135_596_800n * SECOND;
const TIMESTAMP_MAX = 253_402_300_800n * SECOND - 1n;

export function timestampIn(nanoseconds: bigint): Timestamp {
  if (nanoseconds < TIMESTAMP_MIN || nanoseconds > TIMESTAMP_MAX) throw new EvaluationError('timestamp overflow');
  return new Timestamp(nanoseconds);
}

export function durationIn(nanoseconds: bigint): Duration {
  if (nanoseconds < INT_MIN || nanoseconds > INT_MAX) throw new EvaluationError('duration overflow');
  return new Duration(nanoseconds);
}

const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:([Zz])|([+-])(\d{2}):(\d{2}))$/;

/** The instant of an RFC 3339 text; undefined when it is none. */
export function readTimestamp(text: string): Timestamp | undefined {
  const found = rfc3339.exec(text);
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isDate = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isDate || hour > 23 || minute > 59 || second > 59) return undefined;
  const fraction = BigInt((found[7] ?? '').slice(0, 9).padEnd(9, '0'));
  const offset = (Number(found[10] ?? 0) * 60 + Number(found[11] ?? 0)) * (found[9] === '-' ? -60 : 60);
  const seconds = BigInt(date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offset);
  const nanoseconds = seconds * SECOND + fraction;
  return nanoseconds < TIMESTAMP_MIN || nanoseconds > TIMESTAMP_MAX ? undefined : new Timestamp(nanoseconds);
}

/** Whole seconds and the rest, which is never negative. */
function split(nanoseconds: bigint): { seconds: bigint; rest: bigint } {
  const rest = ((nanoseconds % SECOND) + SECOND) % SECOND;
  return { seconds: (nanoseconds - rest) / SECOND, rest };
}

export function timestampText({ nanoseconds }: Timestamp): string {
  const { seconds, rest } = split(nanoseconds);
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}`;
  return `${whole}${fraction}Z`;
}

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
};

/** A Go duration (`1h30m`, `-1.5s`, `0`); undefined when the text is none. */
export function readDuration(text: string): Duration | undefined {
  const body = text.replace(/^[+-]/, '');
  if (body === '0') return new Duration(0n);
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(body)) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of body.matchAll(/(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/g)) {
    const length = units[unit] ?? 0n;
    total += BigInt(whole || '0') * length;
    const digits = fraction.slice(0, 18);
    if (digits !== '') total += (BigInt(digits) * length) / 10n ** BigInt(digits.length);
  }
  const signed = text.startsWith('-') ? -total : total;
  return signed < INT_MIN || signed > INT_MAX ? undefined : new Duration(signed);
}

/** In seconds: `5400s`, `-1.5s`. */
export function durationText({ nanoseconds }: Duration): string {
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const fraction =
    size % SECOND === 0n
      ? ''
      : `.${String(size % SECOND)
          .padStart(9, '0')
          .replace(/0+$/, '')}`;
  return `${nanoseconds < 0n ? '-' : ''}${size / SECOND}${fraction}s`;
}
