/** Options that are numbers: what they take is said when they are refused. */
import { InvalidArgumentError } from 'commander';
import { isSpeed, SPEED_MAXIMUM } from '../../world/simulated/pacing.ts';
import { DurationError, durationMs } from '../documents/duration.ts';
import type { SeedRange } from '../reports/seeds.ts';

/** A whole number from 0, decimal or `0x…`. */
export function wholeNumber(text: string): number {
  if (!/^(?:0x[0-9a-f]+|\d+)$/i.test(text) || !Number.isSafeInteger(Number(text))) {
    throw new InvalidArgumentError(`It takes a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, not "${text}".`);
  }
  return Number(text);
}

/** Seeds as `1..500`, both included, or one alone. */
export function seedRange(text: string): SeedRange {
  const [first = '', last = first, ...rest] = text.split('..');
  if (rest.length > 0) throw new InvalidArgumentError(`"${text}" is no range of seeds: write 1..500.`);
  const range = { first: wholeNumber(first), last: wholeNumber(last) };
  if (range.last < range.first) throw new InvalidArgumentError(`"${text}" has no seeds: the first is above the last.`);
  return range;
}

/** A duration above 0, `15m`, as ms. */
export function positiveDuration(text: string): number {
  try {
    const milliseconds = durationMs(text);
    if (milliseconds > 0) return milliseconds;
  } catch (error) {
    if (!(error instanceof DurationError)) throw error;
  }
  throw new InvalidArgumentError(`"${text}" is no duration above 0: write 90s, 15m or 1h30m.`);
}

/** A whole number from 1 to `maximum`. */
export function countTo(maximum: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : 0;
    if (value >= 1 && value <= maximum) return value;
    throw new InvalidArgumentError(`It takes a whole number from 1 to ${maximum}, not "${text}".`);
  };
}

/** The first of four TCP ports in a row; 0 lets the machine choose. */
export function firstPort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : -1;
  if (port >= 0 && port + 3 <= 65_535) return port;
  throw new InvalidArgumentError(`It takes a port from 1 to 65532, since four in a row are used, or 0, not "${text}".`);
}

/** How many times as fast as the wall clock. */
export function speedFactor(text: string): number {
  const value = decimal(text);
  if (isSpeed(value)) return value;
  throw new InvalidArgumentError(`It takes a number above 0, at most ${SPEED_MAXIMUM}, not "${text}".`);
}

/** A number of seconds above 0, at most a week. */
export function secondsToWait(text: string): number {
  const value = decimal(text);
  if (value > 0 && value <= 604_800) return value;
  throw new InvalidArgumentError(`It takes a number of seconds above 0, at most 604800 (a week), not "${text}".`);
}

/** NaN for what is no decimal number: `Number` takes '', ' 1' and '0x10' too. */
function decimal(text: string): number {
  return /^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}
