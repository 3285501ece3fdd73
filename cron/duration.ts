/** Durations as Go writes them (`1h30m`, `2.5s`), the argument of `@every`. Source: Go's `time.ParseDuration`. */
import { ScheduleError } from './errors.ts';
import { quoteBytes } from './go-text.ts';

const nanosecondsByUnit: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

/** A 64-bit duration ends here; one more nanosecond is allowed when negative. */
const limit = 2n ** 63n;
const part = /^([0-9]*)(?:\.([0-9]*))?([^.0-9]*)/;

/** Nanoseconds. Throws ScheduleError `duration` with Go's message. */
export function parseDuration(text: string): bigint {
  const negative = text.startsWith('-');
  let rest = /^[-+]/.test(text) ? text.slice(1) : text;
  if (rest === '0') return 0n;
  if (rest === '') throw invalid(text);
  let total = 0n;
  while (rest !== '') {
    const match = part.exec(rest);
    const [whole, digits, fraction, unit] = [match?.[0] ?? '', match?.[1] ?? '', match?.[2], match?.[3] ?? ''];
    if (digits === '' && (fraction ?? '') === '') throw invalid(text);
    total += partNanoseconds(text, digits, fraction ?? '', unit);
    if (total > limit) throw invalid(text);
    rest = rest.slice(whole.length);
  }
  if (!negative && total === limit) throw invalid(text);
  return negative ? -total : total;
}

function partNanoseconds(text: string, digits: string, fraction: string, unit: string): bigint {
  const whole = BigInt(digits === '' ? '0' : digits);
  if (whole > limit) throw invalid(text);
  if (unit === '') throw new ScheduleError('duration', `time: missing unit in duration ${quoteBytes(text)}`);
  const perUnit = nanosecondsByUnit.get(unit);
  if (perUnit === undefined) {
    throw new ScheduleError('duration', `time: unknown unit ${quoteBytes(unit)} in duration ${quoteBytes(text)}`);
  }
  const nanoseconds =
    whole * perUnit + (BigInt(fraction === '' ? '0' : fraction) * perUnit) / 10n ** BigInt(fraction.length);
  if (nanoseconds > limit) throw invalid(text);
  return nanoseconds;
}

function invalid(text: string): ScheduleError {
  return new ScheduleError('duration', `time: invalid duration ${quoteBytes(text)}`);
}
