/**
 * One field of a cron expression: a list of ranges, each with a step.
 * Source of the rules and of the messages: robfig/cron v3 `parser.go` (semantics 2.3).
 */
import { ScheduleError } from './errors.ts';
import { quote } from './go-text.ts';

/** What a field may hold. */
export interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
  readonly names?: ReadonlyMap<string, number>;
}

const numbered = (names: string, from: number): ReadonlyMap<string, number> =>
  new Map(names.split(' ').map((name, index) => [name, index + from]));

export const minuteBounds: Bounds = { minimum: 0, maximum: 59 };
export const hourBounds: Bounds = { minimum: 0, maximum: 23 };
export const dayOfMonthBounds: Bounds = { minimum: 1, maximum: 31 };
export const monthBounds: Bounds = {
  minimum: 1,
  maximum: 12,
  names: numbered('jan feb mar apr may jun jul aug sep oct nov dec', 1),
};
export const dayOfWeekBounds: Bounds = { minimum: 0, maximum: 6, names: numbered('sun mon tue wed thu fri sat', 0) };

/** The values that match, and whether the field has the star mark (it decides the day rule). */
export interface Field {
  /** `matches[value]`; shorter than the field's maximum when nothing above matches. */
  readonly matches: readonly boolean[];
  /** Set by `*` or `?` with no step or step 1, alone or in a list; a step of 2 and `1-31` do not set it. */
  readonly star: boolean;
}

/** Parses one field. A field of commas only is legal and matches nothing. */
export function parseField(text: string, bounds: Bounds): Field {
  const matches: boolean[] = new Array(bounds.maximum + 1).fill(false);
  let star = false;
  for (const range of text.split(',')) {
    if (range === '') continue;
    const { from, to, step, star: rangeStar } = parseRange(range, bounds);
    for (let value = from; value <= to; value += step) matches[value] = true;
    star ||= rangeStar;
  }
  return { matches, star };
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly star: boolean;
}

function parseRange(text: string, bounds: Bounds): Range {
  const [ends = '', stepText, ...moreSteps] = text.split('/');
  const hyphened = ends.split('-');
  const [low = '', high] = hyphened;
  const any = low === '*' || low === '?';
  const from = any ? bounds.minimum : parseNumberOrName(low, bounds);
  let to = bounds.maximum;
  if (!any) {
    if (hyphened.length > 2) throw new ScheduleError('syntax', `too many hyphens: ${text}`);
    to = high === undefined ? from : parseNumberOrName(high, bounds);
  }
  if (moreSteps.length > 0) throw new ScheduleError('syntax', `too many slashes: ${text}`);
  const step = stepText === undefined ? 1 : parseNumber(stepText);
  // `N/step` means N to the maximum.
  if (stepText !== undefined && hyphened.length === 1) to = bounds.maximum;
  checkRange(text, { from, to, step }, bounds);
  return { from, to, step, star: any && step <= 1 };
}

function checkRange(text: string, range: { from: number; to: number; step: number }, bounds: Bounds): void {
  const { from, to, step } = range;
  const refuse = (message: string) => new ScheduleError('range', `${message}: ${text}`);
  if (from < bounds.minimum) throw refuse(`beginning of range (${from}) below minimum (${bounds.minimum})`);
  if (to > bounds.maximum) throw refuse(`end of range (${to}) above maximum (${bounds.maximum})`);
  if (from > to) throw refuse(`beginning of range (${from}) beyond end of range (${to})`);
  if (step === 0) throw new ScheduleError('step', `step of range should be a positive number: ${text}`);
}

function parseNumberOrName(text: string, bounds: Bounds): number {
  return bounds.names?.get(text.toLowerCase()) ?? parseNumber(text);
}

const largestInteger = 2n ** 63n - 1n;

/** Go's `strconv.Atoi`, then no negative ones: a sign and leading zeros are fine. */
function parseNumber(text: string): number {
  if (!/^[-+]?[0-9]+$/.test(text)) throw notANumber(text, 'invalid syntax');
  const value = BigInt(text.replace(/^\+/, ''));
  if (value > largestInteger || value < -largestInteger - 1n) throw notANumber(text, 'value out of range');
  if (value < 0n) throw new ScheduleError('number', `negative number (${value}) not allowed: ${text}`);
  return Number(value);
}

function notANumber(text: string, why: string): ScheduleError {
  return new ScheduleError('number', `failed to parse int from ${text}: strconv.Atoi: parsing ${quote(text)}: ${why}`);
}
