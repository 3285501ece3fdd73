/**
 * Cron schedules as Kubernetes means them: the grammar and the arithmetic of robfig/cron v3's standard parser, pure.
 * Begin reading here. `fields.ts` is the grammar of a field, `next.ts` the search, `zone.ts` what a time zone is.
 * Source of the rules: semantics 2.3.
 */
import { parseDuration } from './duration.ts';
import { ScheduleError } from './errors.ts';
import { dayOfMonthBounds, dayOfWeekBounds, hourBounds, minuteBounds, monthBounds, parseField } from './fields.ts';
import { splitFields, trimSpace } from './go-text.ts';
import { type Fields, nextStart } from './next.ts';
import { loadZone, UnknownZoneError, utc, type Zone } from './zone.ts';

export { ScheduleError, type ScheduleErrorKind } from './errors.ts';

export interface Schedule {
  /** The first start strictly after `after`, in whole seconds; undefined if none comes within five years. */
  next(after: Date): Date | undefined;
  /** `next` in epoch ms, for callers in a hurry. */
  nextAfter(epochMs: number): number | undefined;
}

/** What an expression says, for those who put it into words. */
export type ParsedExpression =
  | { readonly kind: 'fields'; readonly fields: Fields; readonly texts: readonly string[]; readonly zone: Zone }
  | { readonly kind: 'every'; readonly intervalMs: number };

/**
 * The schedule of an expression: five fields, a descriptor (`@daily`, `@every 90m`), with or without a `TZ=Zone `
 * prefix. `timeZone` holds where the expression has no prefix of its own; without either it is UTC. Throws
 * ScheduleError with the words of the library, which Kubernetes quotes in its answers and events.
 */
export function parseSchedule(expression: string, timeZone?: string): Schedule {
  const parsed = parseExpression(expression, timeZone);
  const nextAfter =
    parsed.kind === 'every'
      ? (epochMs: number) => Math.floor(epochMs / 1000) * 1000 + parsed.intervalMs
      : (epochMs: number) => nextStart(parsed.fields, parsed.zone, epochMs);
  return {
    nextAfter,
    next(after) {
      const next = nextAfter(after.getTime());
      return next === undefined ? undefined : new Date(next);
    },
  };
}

const prefix = /^(?:CRON_)?TZ=/;

/** The parts of an expression; see `parseSchedule`. */
export function parseExpression(expression: string, timeZone?: string): ParsedExpression {
  if (prefix.test(expression)) return parsePrefixed(expression);
  // Kubernetes puts `TZ=<zone> ` in front, and what follows a prefix is trimmed.
  if (timeZone !== undefined) return parseBody(trimSpace(expression), zoneOf(timeZone));
  if (expression === '') throw new ScheduleError('empty', 'empty spec string');
  return parseBody(expression, utc);
}

function parsePrefixed(expression: string): ParsedExpression {
  const space = expression.indexOf(' ');
  if (space < 0) {
    // The library panics here; Kubernetes makes an error of the panic.
    const panic = 'runtime error: slice bounds out of range [:-1]';
    throw new ScheduleError('unterminated-prefix', `invalid schedule format: ${panic}`);
  }
  const zone = zoneOf(expression.slice(expression.indexOf('=') + 1, space));
  return parseBody(trimSpace(expression.slice(space)), zone);
}

function zoneOf(name: string): Zone {
  try {
    return loadZone(name);
  } catch (error) {
    if (!(error instanceof UnknownZoneError)) throw error;
    throw new ScheduleError('zone', `provided bad location ${name}: ${error.message}`);
  }
}

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const every = '@every ';

function parseBody(text: string, zone: Zone): ParsedExpression {
  if (!text.startsWith('@')) return parseFields(text, zone);
  const meaning = Object.hasOwn(descriptors, text) ? descriptors[text] : undefined;
  if (meaning !== undefined) return parseFields(meaning, zone);
  if (text.startsWith(every)) return { kind: 'every', intervalMs: intervalOf(text) };
  throw new ScheduleError('descriptor', `unrecognized descriptor: ${text}`);
}

/** Whole seconds, at least one. */
function intervalOf(descriptor: string): number {
  try {
    const seconds = parseDuration(descriptor.slice(every.length)) / 1_000_000_000n;
    return Number(seconds < 1n ? 1n : seconds) * 1000;
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    throw new ScheduleError(error.kind, `failed to parse duration ${descriptor}: ${error.message}`);
  }
}

function parseFields(text: string, zone: Zone): ParsedExpression {
  const texts = splitFields(text);
  if (texts.length !== 5) {
    throw new ScheduleError('field-count', `expected exactly 5 fields, found ${texts.length}: [${texts.join(' ')}]`);
  }
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = texts;
  const fields: Fields = {
    minute: parseField(minute, minuteBounds),
    hour: parseField(hour, hourBounds),
    dayOfMonth: parseField(dayOfMonth, dayOfMonthBounds),
    month: parseField(month, monthBounds),
    dayOfWeek: parseField(dayOfWeek, dayOfWeekBounds),
  };
  return { kind: 'fields', fields, texts, zone };
}
